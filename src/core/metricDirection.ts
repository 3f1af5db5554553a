export type Direction = 'higher' | 'lower' | 'unknown';

// Words of a metric's name that tell which way is better: the usual names of scikit-learn, Keras, Transformers, lm-eval, torchmetrics,
// XGBoost, LightGBM and CatBoost.

const lowerWords = wordSet(
  // Losses.
  'loss losses logloss mlogloss hinge bce ce crossentropy nll nloglik deviance brier crps divergence kld leibler huber pinball',
  // Errors, and how often something goes wrong.
  'error errors err merror mae mse rmse rmsle msle mape smape wmape mphe eer fpr fnr hamming ece mce impurity',
  // Texts: what they cost in bits, and how far they are from the right ones.
  'perplexity ppl bpb bpc bpd wer cer ter mer toxicity hallucination',
  // Pictures, sound, forms.
  'fid kid fvd fad lpips niqe brisque mcd der hausdorff chamfer mpjpe',
  // The rest.
  'latency bouldin drift',
);
const higherWords = wordSet(
  // Classes, and how they are ranked.
  'accuracy accuracies acc f1 f2 fbeta precision recall specificity sensitivity tpr tnr auc auroc auprc aucpr prauc roc gini kappa wkappa mcc',
  // Search and detection.
  'map ap ndcg dcg mrr hit hits win top1 top5 iou miou dice jaccard',
  // Numbers.
  'r2 d2 skill pearson pearsonr spearman spearmanr kendall kendalltau correlation likelihood elbo',
  // Clusters.
  'silhouette calinski nmi ari ami homogeneity completeness',
  // Texts, and tests of language models.
  'bleu sacrebleu rouge rougel meteor chrf cider bertscore match em pass mmlu hellaswag gsm8k truthfulqa winogrande humaneval mbpp boolq piqa bbh gpqa ifeval',
  // Pictures and sound.
  'psnr ssim inception pesq stoi sdr',
  // The rest. A score of something bad has a word for it, too, which is stronger.
  'score scores reward rewards success throughput fps',
);
/** Several words that say together what each alone does not. */
const phrases: readonly (readonly [RegExp, Direction])[] = [
  [
    /\b(?:cross entropy|multi class(?: one vs all)?|pair logit|bits per \w+|neg(?:ative)? log likelihood)\b/,
    'lower',
  ],
  [/\b(?:false (?:positive|negative|discovery|omission)|miss) rate\b/, 'lower'],
  [/\b(?:l1|l2|l2 root|\w+ ms)$/, 'lower'],
  [
    /\b(?:true (?:positive|negative) rate|explained variance|reciprocal rank|per (?:second|sec|s)$)/,
    'higher',
  ],
];
/** When something was, not how long it took. */
const moment = /(?:^|start |end |begin |wall |finish )time$/;

/** Wherever they stand, the number is no score itself, but how far scores lie apart, by how much they changed, where one was reached. */
const noScoreWords =
  'std stdev stddev stderr var deviation delta difference improvement reduction threshold thresholds thresh anomaly outlier risk epochs steps iterations length len'.split(
    ' ',
  );
/** So do these at the end; in front they may name what was scored, such as the benchmark DROP in `drop_f1`. */
const noScoreEndings =
  'scale weight weights support variance drop gap gain diff penalty cutoff factor lambda rank count counts size totals bp'.split(
    ' ',
  );
const moments = new Set(['epoch', 'step', 'iteration', 'iter', 'round']);

/** `recall@fpr=0.01`, `tpr_at_fpr_0.01`: what stands behind is where it was measured, not what. */
const condition = /(?<=[a-z0-9])(?:[^a-z0-9/]*@|[^a-z0-9/]+at(?![a-z0-9]))[^/]*/g;

/** Which way is better for a metric, from its name: `val_loss` is lower, `eval/f1` is higher, `epoch` is unknown. */
export function metricDirection(name: string): Direction {
  const words = wordsIn(name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2'));
  const last = words.at(-1) ?? '';
  if (noScoreWords.some((word) => words.includes(word))) return 'unknown';
  const said = words.join(' ');
  const phrase = phrases.find(([pattern]) => pattern.test(said));
  if (phrase) return phrase[1];
  if (noScoreEndings.includes(last)) return 'unknown';
  // `best_loss_step` is when; but `loss_step` is what Lightning calls the loss of one step.
  if (moments.has(last) && words.some((word) => /^(?:best|min|max)$/.test(word))) return 'unknown';
  if (last === 'time') return moment.test(said) ? 'unknown' : 'lower';
  // scikit-learn's `rank_test_score`; but the `rank1` of a search is a score.
  if (words.some((word, index) => word === 'rank' && words[index + 1] === 'test')) return 'lower';
  // `mIoU` and `nDCG` are one word each, Keras calls an intersection over union `io_u`, and `is` is no Inception Score.
  const spelt = name
    .replace(/(?<![a-z])io_u(?![a-z])|IoU/g, ' iou ')
    .replace(/(?<![A-Za-z])IS(?![A-Za-z])/g, ' inception ');
  const spellings = [...words, ...wordsIn(spelt)];
  const isAmong = (known: ReadonlySet<string>): boolean =>
    // `f1` and `r2` are words; `acc5` and `mAP50` are words at a threshold.
    spellings.some((word) => known.has(word) || known.has(word.replace(/\d+$/, '')));
  // scikit-learn turns errors into scores: `neg_mean_squared_error`, which cross_validate calls `test_neg_mean_squared_error`, and
  // `d2_log_loss_score`, the share of a loss that is explained. At the end it is a class: `f1_neg`.
  const negated = words.slice(0, -1).includes('neg');
  // But a contrastive loss has a `pos_loss` and a `neg_loss`, of the pairs that are not alike.
  if (negated && /(?<!\blog )\bloss$|\bneg (?:error|err)$/.test(said)) return 'unknown';
  if (isAmong(lowerWords) && !words.some((word) => word === 'd2' || word === 'skill'))
    return negated ? 'higher' : 'lower';
  // Nobody turns scores into errors: `neg_recall` may as well be that of the negative class.
  if (isAmong(higherWords)) return negated ? 'unknown' : 'higher';
  return 'unknown';
}

function wordSet(...groups: readonly string[]): ReadonlySet<string> {
  return new Set(groups.flatMap((group) => group.split(' ')));
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
