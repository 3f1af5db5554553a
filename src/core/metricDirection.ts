export type Direction = 'higher' | 'lower' | 'unknown';

/** Words of a metric's name that tell which way is better, after the usual names of scikit-learn, Keras and Transformers. */
const lowerWords = new Set(
  'loss error err mae mse rmse rmsle mape smape perplexity ppl wer cer eer fid kid nll logloss deviance latency hinge brier fpr fnr hamming'.split(
    ' ',
  ),
);
const higherWords = new Set(
  'accuracy acc f1 fbeta precision recall auc auroc auprc roc map ap iou miou dice bleu rouge rougel meteor r2 psnr ssim ndcg mrr kappa mcc score tpr tnr specificity sensitivity throughput em reward win hit hits top1 top5 d2'.split(
    ' ',
  ),
);

/** What a metric is if its name ends so, whatever it is the time or the scale of: `score_time`, `loss_scale`. */
const lastWords = new Map<string | undefined, Direction>([
  ['time', 'lower'],
  ['scale', 'unknown'],
]);

/** Which way is better for a metric, from its name: `val_loss` is lower, `eval/f1` is higher, `epoch` is unknown. */
export function metricDirection(name: string): Direction {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const last = lastWords.get(words.at(-1));
  if (last) return last;
  const isAmong = (known: ReadonlySet<string>): boolean =>
    // `f1` and `r2` are words; `acc5` and `mAP50` are words at a threshold.
    words.some((word) => known.has(word) || known.has(word.replace(/\d+$/, '')));
  // scikit-learn turns errors into scores: `neg_mean_squared_error`, which cross_validate calls `test_neg_mean_squared_error`, and
  // `d2_log_loss_score`, the share of a loss that is explained. At the end it is a class: `f1_neg`.
  const negated = words.slice(0, -1).includes('neg');
  if (isAmong(lowerWords) && !words.includes('d2')) return negated ? 'higher' : 'lower';
  // Nobody turns scores into errors: `neg_recall` may as well be that of the negative class.
  if (isAmong(higherWords)) return negated ? 'unknown' : 'higher';
  return 'unknown';
}

/** Index of the best of `values` (gaps are undefined or NaN), or undefined when no way is better. */
export function bestIndex(values: readonly (number | undefined)[], direction: Direction): number | undefined {
  if (direction === 'unknown') return undefined;
  let best: number | undefined;
  for (const [index, value] of values.entries()) {
    if (value === undefined || Number.isNaN(value)) continue;
    const current = best === undefined ? undefined : values[best];
    if (current === undefined || (direction === 'higher' ? value > current : value < current)) best = index;
  }
  return best;
}
