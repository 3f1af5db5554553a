/** What classes of scikit-learn set on themselves although it is no parameter of theirs, mostly for what they inherit. */
const notSettings: Readonly<Record<string, readonly string[]>> = {
  CCA: ['algorithm', 'deflation_mode', 'mode'],
  DecisionTreeRegressor: ['class_weight'],
  ExtraTreeRegressor: ['class_weight'],
  ExtraTreesClassifier: ['estimator'],
  ExtraTreesRegressor: ['class_weight', 'estimator'],
  GradientBoostingClassifier: ['alpha'],
  GraphicalLasso: ['store_precision'],
  GraphicalLassoCV: ['store_precision'],
  IsolationForest: ['bootstrap_features', 'estimator', 'oob_score'],
  KNeighborsClassifier: ['radius'],
  KNeighborsRegressor: ['radius'],
  KNeighborsTransformer: ['radius'],
  LabelPropagation: ['alpha'],
  LarsCV: ['fit_path', 'jitter', 'n_nonzero_coefs', 'random_state'],
  Lasso: ['l1_ratio'],
  LassoLarsIC: ['fit_path'],
  LocalOutlierFactor: ['radius'],
  MLPClassifier: ['loss'],
  MultiTaskLasso: ['l1_ratio'],
  MultiTaskLassoCV: ['positive', 'precompute'],
  NuSVC: ['C', 'epsilon'],
  NuSVR: ['class_weight', 'epsilon', 'probability', 'random_state'],
  OneClassSVM: ['C', 'class_weight', 'epsilon', 'probability', 'random_state'],
  PLSCanonical: ['deflation_mode', 'mode'],
  PLSRegression: ['algorithm', 'deflation_mode', 'mode'],
  PassiveAggressiveClassifier: [
    'alpha',
    'epsilon',
    'eta0',
    'l1_ratio',
    'learning_rate',
    'penalty',
    'power_t',
  ],
  PassiveAggressiveRegressor: ['alpha', 'eta0', 'l1_ratio', 'learning_rate', 'penalty', 'power_t'],
  Perceptron: ['average', 'epsilon', 'learning_rate', 'loss', 'power_t'],
  RadiusNeighborsClassifier: ['n_neighbors'],
  RadiusNeighborsRegressor: ['n_neighbors'],
  RadiusNeighborsTransformer: ['n_neighbors'],
  RandomForestClassifier: ['estimator'],
  RandomForestRegressor: ['class_weight', 'estimator'],
  RandomTreesEmbedding: ['bootstrap', 'class_weight', 'estimator', 'max_samples', 'oob_score'],
  RidgeClassifierCV: ['alpha_per_target', 'gcv_mode'],
  SGDOneClassSVM: [
    'alpha',
    'early_stopping',
    'epsilon',
    'l1_ratio',
    'loss',
    'n_iter_no_change',
    'penalty',
    'validation_fraction',
  ],
  SVC: ['epsilon', 'nu'],
  SVR: ['class_weight', 'nu', 'probability', 'random_state'],
};

/** What an estimator was given has a plain name; what it learned ends in an underscore, what concerns nobody begins with one. */
export function isSetting(className: string, attribute: string): boolean {
  if (attribute.startsWith('_') || attribute.endsWith('_') || attribute === 'estimator_params') return false;
  if (!className.startsWith('sklearn.')) return true;
  const name = className.slice(className.lastIndexOf('.') + 1);
  return !(Object.hasOwn(notSettings, name) && notSettings[name]?.includes(attribute));
}
