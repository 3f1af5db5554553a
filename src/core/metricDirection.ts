export type Direction = 'higher' | 'lower' | 'unknown';

/** Words of a metric's name that tell which way is better, after the usual names of scikit-learn, Keras and Transformers. */
const lowerWords = new Set(
  'loss error err mae mse rmse rmsle mape smape perplexity ppl wer cer eer fid kid nll logloss deviance latency hinge brier fpr fnr hamming bouldin'.split(
    ' ',
  ),
);
const higherWords = new Set(
  'accuracy acc f1 fbeta precision recall auc auroc auprc roc map ap iou miou dice bleu rouge rougel meteor r2 psnr ssim ndcg mrr kappa mcc score skill match pass tpr tnr specificity sensitivity throughput em reward win hit hits top1 top5 d2'.split(
    ' ',
  ),
);

/** Wherever they stand, the number is no score itself, but how far scores lie apart, by how much they changed, where one was reached. */
const noScoreWords =
  'std stdev stddev stderr var deviation delta difference improvement reduction threshold thresholds thresh epochs steps iterations length len'.split(
    ' ',
  );
/** So do these at the end; in front they may name what was scored, such as the benchmark DROP in `drop_f1`. */
const noScoreEndings =
  'scale weight weights support variance drop gap gain diff penalty cutoff factor lambda rank counts totals bp'.split(
    ' ',
  );
const moments = new Set(['epoch', 'step', 'iteration', 'iter', 'round']);

/** `recall@fpr=0.01`, `tpr_at_fpr_0.01`: what stands behind is where it was measured, not what. */
const condition = /(?<=[a-z0-9])(?:[^a-z0-9/]*@|[^a-z0-9/]+at(?![a-z0-9]))[^/]*/g;

/** Which way is better for a metric, from its name: `val_loss` is lower, `eval/f1` is higher, `epoch` is unknown. */
export function metricDirection(name: string): Direction {
  const words = wordsIn(name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2'));
  const last = words.at(-1) ?? '';
  if (noScoreWords.some((word) => words.includes(word)) || noScoreEndings.includes(last)) return 'unknown';
  // `best_loss_step` is when; but `loss_step` is what Lightning calls the loss of one step.
  if (moments.has(last) && words.some((word) => /^(?:best|min|max)$/.test(word))) return 'unknown';
  if (last === 'time') return 'lower';
  // scikit-learn's `rank_test_score`; but the `rank1` of a search is a score.
  if (words.some((word, index) => word === 'rank' && words[index + 1] === 'test')) return 'lower';
  // `mIoU` and `nDCG` are one word each, and Keras calls an intersection over union `io_u`.
  const spellings = [...words, ...wordsIn(name.replace(/(?<![a-z])io_u(?![a-z])|IoU/g, ' iou '))];
  const isAmong = (known: ReadonlySet<string>): boolean =>
    // `f1` and `r2` are words; `acc5` and `mAP50` are words at a threshold.
    spellings.some((word) => known.has(word) || known.has(word.replace(/\d+$/, '')));
  // scikit-learn turns errors into scores: `neg_mean_squared_error`, which cross_validate calls `test_neg_mean_squared_error`, and
  // `d2_log_loss_score`, the share of a loss that is explained. At the end it is a class: `f1_neg`.
  const negated = words.slice(0, -1).includes('neg');
  if (isAmong(lowerWords) && !words.some((word) => word === 'd2' || word === 'skill'))
    return negated ? 'higher' : 'lower';
  // Nobody turns scores into errors: `neg_recall` may as well be that of the negative class.
  if (isAmong(higherWords)) return negated ? 'unknown' : 'higher';
  return 'unknown';
}

function wordsIn(name: string): readonly string[] {
  return (
    name
      .toLowerCase()
      .replace(condition, '')
      .match(/[a-z0-9]+/g) ?? []
  );
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
