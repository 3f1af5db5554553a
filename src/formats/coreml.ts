import * as l10n from '@vscode/l10n';
import { displayText } from './displayText.ts';
import { Malformed, type ByteCursor } from './byteCursor.ts';
import { eachField, eachVarint, signed, type Field } from './protobuf.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { ReadContext } from './readers.ts';
import type { GraphValue, ModelSummary } from './summary.ts';
import { summarize, type SummaryDraft } from './summaryDraft.ts';

const maxText = 16 * 1024;
const maxDimensions = 64;
/** Models of models. */
const maxDepth = 16;

/** What a model can be, by its field. */
const kinds: ReadonlyMap<number, string> = new Map([
  [200, 'pipelineClassifier'],
  [201, 'pipelineRegressor'],
  [202, 'pipeline'],
  [300, 'glmRegressor'],
  [301, 'supportVectorRegressor'],
  [302, 'treeEnsembleRegressor'],
  [303, 'neuralNetworkRegressor'],
  [304, 'bayesianProbitRegressor'],
  [400, 'glmClassifier'],
  [401, 'supportVectorClassifier'],
  [402, 'treeEnsembleClassifier'],
  [403, 'neuralNetworkClassifier'],
  [404, 'kNearestNeighborsClassifier'],
  [500, 'neuralNetwork'],
  [501, 'itemSimilarityRecommender'],
  [502, 'mlProgram'],
  [555, 'customModel'],
  [556, 'linkedModel'],
  [560, 'classConfidenceThresholding'],
  [600, 'oneHotEncoder'],
  [601, 'imputer'],
  [602, 'featureVectorizer'],
  [603, 'dictVectorizer'],
  [604, 'scaler'],
  [606, 'categoricalMapping'],
  [607, 'normalizer'],
  [609, 'arrayFeatureExtractor'],
  [610, 'nonMaximumSuppression'],
  [900, 'identity'],
  [2000, 'textClassifier'],
  [2001, 'wordTagger'],
  [2002, 'visionFeaturePrint'],
  [2003, 'soundAnalysisPreprocessing'],
  [2004, 'gazetteer'],
  [2005, 'wordEmbedding'],
  [2006, 'audioFeaturePrint'],
  [3000, 'serializedModel'],
]);
const customModel = 555;

/** Reads what a Core ML model says of itself: what it is, what it takes and gives. Its layers and weights are passed over. */
export async function readCoreml(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  return summarize('coreml', access, context, async (draft, cursor) => {
    let kind: number | undefined;
    await eachField(cursor, cursor.size, async (field) => {
      const { number, wireType, value, start } = field;
      if (number === 1 && wireType === 0) draft.formatVersion = String(signed(value));
      else if (number === 10 && wireType === 0) draft.metadata.set('isUpdatable', String(value !== 0n));
      else if (number === 2 && wireType === 2) await readDescription(draft, cursor, field, inputs, outputs);
      else if (kinds.has(number) && wireType === 2) {
        kind = number;
        draft.metadata.set('kind', kinds.get(number) ?? '');
        if (number === customModel) await readCustom(draft, cursor, field);
        else draft.notRead(l10n.t('The layers and weights of Core ML are not read.'), start);
      }
    });
    draft.graph = { inputs, outputs, nodes: [], opsets: [] };
    if (kind === undefined) draft.damaged(l10n.t('There is no model in the file.'), 0);
  });
}

async function fieldText(
  draft: SummaryDraft,
  cursor: ByteCursor,
  { wireType, start, end }: Field,
): Promise<string> {
  if (wireType !== 2) return '';
  cursor.moveTo(start);
  const length = Math.min(end - start, maxText);
  const text = await draft.text(cursor, length, maxText);
  return length < end - start ? `${text}…` : text;
}

/** A class of native code that comes with the program. */
async function readCustom(draft: SummaryDraft, cursor: ByteCursor, { start, end }: Field): Promise<void> {
  let name = '';
  await eachField(cursor, end, async (field) => {
    if (field.number === 10) name = await fieldText(draft, cursor, field);
  });
  const message = l10n.t(
    'The model is run by the class "{0}" of the program that loads it.',
    displayText(name),
  );
  draft.findings.warning(message, start);
}

async function readDescription(
  draft: SummaryDraft,
  cursor: ByteCursor,
  { end }: Field,
  inputs: GraphValue[],
  outputs: GraphValue[],
): Promise<void> {
  await eachField(cursor, end, async (field) => {
    const { number, wireType } = field;
    if (wireType !== 2) return;
    if (number === 1) inputs.push(await readFeature(draft, cursor, field));
    else if (number === 10) outputs.push(await readFeature(draft, cursor, field));
    else if (number === 11) draft.metadata.set('predictedFeatureName', await fieldText(draft, cursor, field));
    else if (number === 12)
      draft.metadata.set('predictedProbabilitiesName', await fieldText(draft, cursor, field));
    else if (number === 100) await readMetadata(draft, cursor, field);
  });
}

const metadataNames: ReadonlyMap<number, string> = new Map([
  [1, 'shortDescription'],
  [2, 'versionString'],
  [3, 'author'],
  [4, 'license'],
]);

async function readMetadata(draft: SummaryDraft, cursor: ByteCursor, { end }: Field): Promise<void> {
  await eachField(cursor, end, async (field) => {
    const name = metadataNames.get(field.number);
    draft.count();
    if (name !== undefined) draft.metadata.set(name, await fieldText(draft, cursor, field));
    if (field.number !== 100 || field.wireType !== 2) return;
    const entry = ['', ''];
    await eachField(cursor, field.end, async (part) => {
      if (part.number <= 2) entry[part.number - 1] = await fieldText(draft, cursor, part);
    });
    draft.metadata.set(entry[0] ?? '', entry[1] ?? '');
  });
}

async function readFeature(draft: SummaryDraft, cursor: ByteCursor, { end }: Field): Promise<GraphValue> {
  let name = '';
  let type: Omit<GraphValue, 'name'> = {};
  draft.count();
  await eachField(cursor, end, async (field) => {
    if (field.number === 1) name = await fieldText(draft, cursor, field);
    else if (field.number === 3 && field.wireType === 2) type = await readType(cursor, field.end, 0);
  });
  return { name, ...type };
}

const plainTypes: ReadonlyMap<number, string> = new Map([
  [1, 'I64'],
  [2, 'F64'],
  [3, 'STRING'],
  [6, 'dictionary'],
  [7, 'sequence'],
]);
const arrayTypes: ReadonlyMap<number, string> = new Map([
  [65568, 'F32'],
  [65600, 'F64'],
  [131104, 'I32'],
  [131080, 'I8'],
  [65552, 'F16'],
]);
const colours: ReadonlyMap<number, string> = new Map([
  [10, 'grayscale'],
  [20, 'RGB'],
  [30, 'BGR'],
  [40, 'grayscale F16'],
]);

async function readType(cursor: ByteCursor, end: number, depth: number): Promise<Omit<GraphValue, 'name'>> {
  if (depth > maxDepth) throw new Malformed();
  let dtype: string | undefined;
  let shape: number[] | undefined;
  await eachField(cursor, end, async ({ number, wireType, end }) => {
    if (wireType !== 2) return;
    if (number === 5) {
      const dimensions: number[] = [];
      await eachField(cursor, end, async (part) => {
        if (part.number === 1) {
          await eachVarint(cursor, part, (size) => {
            if (dimensions.length < maxDimensions) dimensions.push(Number(signed(size)));
          });
        } else if (part.number === 2 && part.wireType === 0)
          dtype = arrayTypes.get(Number(part.value)) ?? '?';
      });
      shape = dimensions;
    } else if (number === 4) {
      const size: number[] = [0, 0];
      let colour = '?';
      await eachField(cursor, end, ({ number, wireType, value }) => {
        if (wireType !== 0) return;
        // Rows first.
        if (number === 1) size[1] = Number(signed(value));
        else if (number === 2) size[0] = Number(signed(value));
        else if (number === 3) colour = colours.get(Number(value)) ?? '?';
      });
      dtype = `image(${colour})`;
      shape = size;
    } else if (number === 8) {
      const state = await readType(cursor, end, depth + 1);
      dtype = `state(${state.dtype ?? '?'})`;
      shape = state.shape as number[] | undefined;
    } else dtype = plainTypes.get(number) ?? dtype;
  });
  return { dtype, shape };
}
