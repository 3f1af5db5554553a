import { contentId, type DemoWorkspace, messagesOf } from './demoWorkspace.ts';

const mlp = 'models/digits.safetensors';
const cnn = 'models/digits.pt';
const onnx = 'models/digits.onnx';
const churn = 'models/churn.joblib';

/**
 * Three months of a small team: one model recorded from run to run and ignored by Git, one in Git LFS, one in Git under
 * two names, one in Git and recorded, with an experiment on a branch.
 */
export async function tellStory(demo: DemoWorkspace): Promise<void> {
  const versionOf = (model: string) => async (number: number) => ({
    model,
    version: await contentId(model.slice('models/'.length), number),
  });
  const mlpVersion = versionOf(mlp);
  const cnnVersion = versionOf(cnn);
  const onnxVersion = versionOf(onnx);
  const churnVersion = versionOf(churn);
  const said = {
    mlp: await messagesOf('digits.safetensors'),
    cnn: await messagesOf('digits.pt'),
    onnx: await messagesOf('digits.onnx'),
    churn: await messagesOf('churn.joblib'),
  };
  const recordMlp = async (date: string, number: number): Promise<void> => {
    demo.at(date);
    await demo.train(mlp, 'digits.safetensors', number);
    await demo.record(mlp, said.mlp[number - 1] ?? '');
  };
  const commitCnn = async (date: string, number: number, fetched: boolean): Promise<void> => {
    demo.at(date);
    await demo.trainInLfs(cnn, 'digits.pt', number, fetched);
    demo.commitModel(cnn, said.cnn[number - 1] ?? '');
  };
  const commitOnnx = async (date: string, number: number, model = onnx): Promise<void> => {
    demo.at(date);
    await demo.train(model, 'digits.onnx', number);
    demo.commitModel(model, said.onnx[number - 1] ?? '');
  };
  const commitChurn = async (date: string, number: number): Promise<void> => {
    demo.at(date);
    await demo.train(churn, 'churn.joblib', number);
    demo.commitModel(churn, said.churn[number - 1] ?? '');
  };
  const recordChurn = async (date: string, number: number): Promise<void> => {
    demo.at(date);
    await demo.train(churn, 'churn.joblib', number);
    await demo.record(churn, said.churn[number - 1] ?? '');
  };

  demo.at('09-01 08:30');
  await demo.write('README.md', readme);
  await demo.write('.gitignore', '*.safetensors\n');
  await demo.write('.gitattributes', '*.pt filter=lfs diff=lfs merge=lfs -text\n');
  demo.commit('Start', 'README.md', '.gitignore', '.gitattributes');

  await commitChurn('09-02 09:40', 1);
  await commitChurn('09-02 16:05', 2);
  await recordMlp('09-04 10:20', 1);
  await recordMlp('09-07 11:45', 2);
  await commitCnn('09-08 14:10', 1, false);
  await commitOnnx('09-09 09:15', 1, 'models/mnist.onnx');
  await recordChurn('09-10 15:30', 3);
  demo.at('09-10 15:40');
  demo.commitModel(churn, said.churn[2] ?? '');
  await recordMlp('09-14 10:05', 3);
  demo.at('09-14 10:30');
  await demo.stage(await mlpVersion(3), 'staging');
  await commitCnn('09-15 13:20', 2, false);
  await commitOnnx('09-16 17:00', 2, 'models/mnist.onnx');
  await recordMlp('09-18 09:50', 4);
  demo.at('09-18 10:10');
  await demo.note(await mlpVersion(4), 'The loss jumps about from the third epoch on. Do not go above 0.01.');
  await demo.rollBack(await mlpVersion(3));
  await commitCnn('09-21 11:30', 3, true);
  await commitOnnx('09-22 15:45', 3, 'models/mnist.onnx');
  await commitChurn('09-23 10:00', 4);
  await recordMlp('09-25 14:25', 5);
  demo.at('09-25 15:00');
  await demo.stage(await mlpVersion(5), 'production');
  await demo.tag(await mlpVersion(5), 'champion');

  demo.at('09-28 09:00');
  demo.git('mv', 'models/mnist.onnx', onnx);
  demo.git('mv', 'models/mnist.onnx.metrics.json', `${onnx}.metrics.json`);
  demo.git('commit', '--quiet', '--message', 'Call the model by what it is: digits, not MNIST');
  await commitOnnx('09-29 10:30', 4);
  await commitCnn('09-30 16:15', 4, true);
  await recordChurn('10-01 11:10', 5);
  demo.at('10-01 11:30');
  demo.commitModel(churn, said.churn[4] ?? '');
  await recordMlp('10-05 10:40', 6);
  demo.at('10-05 11:00');
  demo.commitModel(mlp, 'Release 1.0 of the digits network');
  demo.git('tag', 'release-1.0');
  await demo.tag(await mlpVersion(6), '1.0.0');
  await demo.tag(await mlpVersion(6), 'champion', true);
  await demo.stage(await mlpVersion(6), 'production');
  await demo.note(await mlpVersion(6), 'Shipped with the October release.');
  await commitCnn('10-06 13:50', 5, false);
  await commitOnnx('10-07 09:25', 5);
  await recordMlp('10-09 15:15', 7);
  await commitOnnx('10-12 10:10', 6);
  await commitCnn('10-13 14:35', 6, true);
  await recordMlp('10-14 11:55', 8);
  await commitChurn('10-15 09:30', 6);
  await commitChurn('10-16 16:40', 7);

  demo.at('10-19 09:00');
  demo.git('checkout', '--quiet', '-b', 'experiment/boosting');
  await commitChurn('10-19 10:20', 10);
  await recordChurn('10-20 14:00', 11);
  demo.at('10-20 14:10');
  demo.commitModel(churn, said.churn[10] ?? '');
  await commitChurn('10-21 17:30', 12);
  demo.at('10-22 09:00');
  demo.git('checkout', '--quiet', 'main');

  await commitCnn('10-22 11:05', 7, true);
  await recordMlp('10-26 10:30', 9);
  await commitOnnx('10-27 15:20', 7);
  await recordMlp('10-28 09:45', 10);
  demo.at('10-28 10:00');
  await demo.note(await mlpVersion(10), 'Half the size for a tenth of a percent of accuracy: for the phone.');
  await demo.tag(await mlpVersion(10), 'mobile');
  await commitCnn('10-29 13:15', 8, false);
  await commitChurn('10-30 11:40', 8);
  await commitOnnx('11-02 10:50', 8);
  await commitCnn('11-03 14:45', 9, true);
  await recordMlp('11-04 16:30', 11);
  demo.at('11-05 09:20');
  demo.commitModel(mlp, 'Release 1.1 of the digits network');
  demo.git('tag', 'release-1.1');
  await demo.tag(await mlpVersion(11), '1.1.0');
  await demo.tag(await mlpVersion(11), 'champion', true);
  await demo.stage(await mlpVersion(11), 'production');
  await commitOnnx('11-06 11:10', 9);
  await commitCnn('11-09 10:25', 10, true);
  await commitOnnx('11-10 15:55', 10);
  await commitCnn('11-11 14:20', 11, true);
  await recordChurn('11-12 09:35', 9);
  demo.at('11-12 10:00');
  demo.commitModel(churn, said.churn[8] ?? '');
  await recordMlp('11-13 11:15', 12);
  demo.at('11-13 11:30');
  await demo.stage(await mlpVersion(12), 'staging');
  await commitCnn('11-16 13:40', 12, true);
  await commitOnnx('11-17 10:05', 11);

  demo.at('11-18 09:30');
  await demo.refresh();
  await demo.tag(await cnnVersion(10), 'best');
  await demo.stage(await cnnVersion(10), 'staging');
  await demo.tag(await onnxVersion(8), 'web');
  await demo.stage(await onnxVersion(8), 'production');
  await demo.stage(await churnVersion(9), 'production');
  await demo.stage(await churnVersion(11), 'staging');
  await demo.note(
    await churnVersion(11),
    'A little better than what is in production; waits for the review.',
  );
  demo.at('11-18 09:45');
  await demo.tag(await onnxVersion(11), 'web', true);
  await demo.undo();

  // A training run that ended this morning: nobody has recorded it yet.
  demo.at('11-20 08:10');
  await demo.train(mlp, 'digits.safetensors', 13);
}

const readme = `# Digits and churn

A workspace to try Modeltrail on. Every checkpoint in it was really trained; its metrics were measured on data that training did
not see.

| model | where its versions are |
|---|---|
| \`models/digits.safetensors\` | recorded, ignored by Git; two releases are in Git too. The file on disk is a run that is not recorded yet |
| \`models/digits.pt\` | Git LFS; the bytes of some versions are here, those of others are not |
| \`models/digits.onnx\` | Git, until September as \`models/mnist.onnx\` |
| \`models/churn.joblib\` | Git on two branches, some recorded |

Things to try: compare all versions of a model; look at what changed between v5 and v6 of \`digits.safetensors\`; record the
file on disk; roll back to \`champion\`, and undo it.
`;
