import { describe, expect, test } from 'vitest';
import { metricDirection } from '../../src/core/metricDirection.ts';

describe('which way is better', () => {
  test.each([
    ['higher', 'accuracy val_acc valAccuracy eval/f1 roc_auc r2_score train/score'],
    ['higher', 'acc1 acc5 acc@5 top1 top5_acc precision@5 recall10 ndcg@10 hits@10 hits10'],
    ['higher', 'mAP mAP50 mAP50-95 metrics/mAP50-95(B) AP50 bleu4 rouge1 rougeL eval_rougeLsum'],
    [
      'higher',
      'mse_skill_score brier_skill_score d2_absolute_error_score d2_log_loss_score test_d2_pinball_score',
    ],
    ['higher', 'neg_mean_squared_error neg_log_loss neg_brier_score'],
    ['higher', 'test_neg_mean_squared_error mean_test_neg_log_loss cv.neg_max_error split0_test_neg_rmse'],
    ['higher', 'f1_neg'],
    ['lower', 'loss_neg'],
    ['unknown', 'neg_recall val_neg_acc'],
    ['higher', 'mIoU IoU meanIoU mean_io_u val_binary_io_u nDCG nDCG@10 mRR exact_match pass@1 pass@10'],
    ['lower', 'BCELoss MSELoss val/BCELoss'],
    ['unknown', 'ratio_u studio_usage'],
    ['lower', 'loss val_loss trainLoss loss1 log_loss brier_score error_rate top1_error WER ppl'],
    ['lower', 'score_time fit_time mean_score_time latency_ms'],
    ['lower', 'davies_bouldin_score davies_bouldin rank_test_score rank_test_neg_max_error'],
    ['lower', 'train_loss_step train_loss_epoch epoch_loss fpr_at_95_tpr loss@best_epoch eval@1000/loss'],
    ['higher', 'tpr_at_fpr_0.01 recall@fpr=0.01 tpr@1%fpr precisionAtRecall90 val/recall@err'],
    ['higher', 'rank_1_accuracy rank1_acc drop_f1 gap/accuracy val_acc_epoch max_accuracy at_acc'],
    ['higher', 'explained_variance_score dice_coef acc_norm'],
    [
      'unknown',
      'std_test_score std_fit_time accuracy_std f1Std acc_stderr,none acc_norm_stderr loss_variance',
    ],
    ['unknown', 'accuracy_drop accuracy_gap delta_f1 rmse_improvement relative_error_reduction f1_rank'],
    ['unknown', 'best_f1_threshold loss_weight recall_support bleu.sys_len bleu.length_ratio'],
    ['unknown', 'best_accuracy_epoch best_loss_step minLossIteration threshold_at_best_f1'],
    ['unknown', 'neg_loss train/neg_loss neg_nce_loss neg_error'],
    [
      'lower',
      'toxicity_score hallucination_score drift_score lpips_score niqe_score ter_score ece_score crps_score',
    ],
    ['unknown', 'start_time end_time wall_time time anomaly_score map_size hit_count l2_norm is_best'],
    ['lower', 'mlogloss merror error aft-nloglik cox-nloglik gamma-nloglik tweedie-nloglik@1.5 error@0.7'],
    ['higher', 'aucpr map map@5- ndcg@5 auc'],
    ['lower', 'l1 valid_0.l2 l2_root binary_logloss multi_logloss binary_error multi_error kullback_leibler'],
    ['higher', 'average_precision auc_mu'],
    ['lower', 'MultiClass MultiClassOneVsAll Logloss CrossEntropy RMSE PairLogit MSLE BalancedErrorRate'],
    ['higher', 'TotalF1 PRAUC NormalizedGini WKappa'],
    ['lower', 'cross_entropy val_binary_crossentropy ece kl_divergence lpips bits_per_byte FID WER CER TER'],
    ['lower', 'false_positive_rate miss_rate neg_log_likelihood gini_impurity p99_ms inference_time'],
    ['higher', 'spearmanr pearsonr jaccard explained_variance true_positive_rate mean_reciprocal_rank'],
    ['higher', 'fps tokens_per_second train_samples_per_second log_likelihood IS val/IS PSNR ms_ssim'],
    ['higher', 'mmlu hellaswag gsm8k,exact_match humaneval/pass@1 rewards/accuracies'],
    ['unknown', 'epoch global_step lr loss_scale amp/lossScale grad_norm time/iterations 2026'],
  ] as const)('is %s for %s', (direction, names) => {
    const found = names.split(' ').map((name) => [name, metricDirection(name)]);
    expect(found).toEqual(names.split(' ').map((name) => [name, direction]));
  });
});
