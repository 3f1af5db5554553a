import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { Malformed } from './byteCursor.ts';
import { displayText } from './displayText.ts';
import { countParameters } from './parameters.ts';
import type { Reader } from './readers.ts';
import type { TensorInfo } from './summary.ts';
import { summarize, type SummaryDraft } from './summaryDraft.ts';
import { isContiguous, tensorBytes, tensorEnd } from './pickle/torchExtent.ts';
import { orderTensors, placed, type PlacedTensor } from './tensorPlaces.ts';
import { note } from './torchArchive.ts';
import { exportType } from './torchTypes.ts';
import { memberSize, openZip, type ZipFile } from './zipFile.ts';

/** The lists of weights of the largest models. */
const maxConfig = 32 * 2 ** 20;

const whole = v.object({ as_int: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });
const weightSchema = v.object({
  path_name: v.string(),
  use_pickle: v.optional(v.boolean()),
  tensor_meta: v.nullish(
    v.object({
      dtype: v.number(),
      sizes: v.array(whole),
      strides: v.array(whole),
      storage_offset: v.optional(whole),
    }),
  ),
});
/** Names are not checked by valibot, which leaves out some that are legal. */
const configSchema = v.object({
  config: v.custom<Record<string, unknown>>((value) => v.is(v.looseObject({}), value)),
});
type Weight = v.InferOutput<typeof weightSchema>;

/** Reads what torch.export.save wrote: the weights, and the names of the models. Their graphs are not read. */
export const readTorchExport: Reader = (access, context) =>
  summarize(
    'torchExport',
    access,
    context,
    async (draft, cursor) => {
      const zip = await openZip(access, cursor, draft, context.signal);
      const names = [...zip.entries.keys()];
      const folder = /^[^/]*\//.exec(names[0] ?? '')?.[0] ?? '';
      draft.formatVersion = await note(zip, `${folder}archive_version`);
      if ((await note(zip, `${folder}byteorder`)) === 'big') draft.metadata.set('byteorder', 'big');
      const models = names.filter((name) => name.startsWith(`${folder}models/`) && name.endsWith('.json'));
      if (models.length > 0) {
        draft.metadata.set(
          'models',
          models
            .map((name) => name.slice(`${folder}models/`.length, -5))
            .sort()
            .join(', '),
        );
      } else
        draft.notRead(
          l10n.t('The archive has an older layout, of which only the names of members are known.'),
        );
      const native = names.filter((name) => name.startsWith(`${folder}data/aotinductor/`));
      if (native.length > 0) {
        draft.findings.warning(
          l10n.t('The archive holds {0} files of compiled code, which loading it runs.', native.length),
        );
      }
      const placed: PlacedTensor[] = [];
      for (const name of names.filter((name) =>
        /\/data\/(?:weights|constants)\/[^/]+_config\.json$/.test(name),
      )) {
        for (const tensor of await readConfig(zip, name, draft)) placed.push(tensor);
      }
      draft.addTensors(orderTensors(placed));
    },
    (draft) => {
      draft.parameters = countParameters(draft.tensors);
    },
  );

async function readConfig(zip: ZipFile, name: string, draft: SummaryDraft): Promise<readonly PlacedTensor[]> {
  const entry = zip.entries.get(name);
  if (!entry) return [];
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const placed: PlacedTensor[] = [];
  try {
    if (entry.size > maxConfig) throw new Malformed();
    const { config } = v.parse(
      configSchema,
      JSON.parse(Buffer.from(await zip.head(entry, maxConfig)).toString()),
    );
    for (const [tensorName, weight] of Object.entries(config)) {
      draft.count();
      const tensor = await place(zip, folder, tensorName, v.parse(weightSchema, weight), draft);
      if (tensor) placed.push(tensor);
    }
  } catch (error) {
    if (!(error instanceof Malformed || error instanceof SyntaxError || v.isValiError(error))) throw error;
    draft.damaged(l10n.t('The list of weights "{0}" cannot be read.', displayText(name)), entry.headerOffset);
  }
  return placed;
}

async function place(
  zip: ZipFile,
  folder: string,
  name: string,
  { path_name: path, use_pickle: isPickle, tensor_meta: meta }: Weight,
  draft: SummaryDraft,
): Promise<PlacedTensor | undefined> {
  const type = meta ? exportType(meta.dtype) : undefined;
  if (!meta || !type) return undefined;
  const shape = meta.sizes.map((size) => size.as_int);
  const strides = meta.strides.map((stride) => stride.as_int);
  const offset = (meta.storage_offset?.as_int ?? 0) * type.bytes;
  const tensor = { type, shape, strides, offset };
  const byteLength = tensorBytes(tensor);
  const info: TensorInfo = { name, dtype: type.name, shape, byteLength };
  const entry = zip.entries.get(folder + path);
  if (!entry) draft.damaged(l10n.t('The storage "{0}" is not in the file.', displayText(path)));
  if (!entry || byteLength === undefined) return { info, start: Infinity };
  const end = tensorEnd(tensor);
  const fits = end <= memberSize(entry);
  if (!fits) {
    draft.damaged(
      l10n.t('The tensor "{0}" reaches beyond its storage.', displayText(name)),
      entry.headerOffset,
    );
  }
  const place = isPickle || !fits ? undefined : await zip.place(entry, offset, end - offset);
  const strided = isContiguous(tensor) ? undefined : strides;
  const isBig = draft.metadata.get('byteorder') === 'big';
  const known = placed(info, place, strided, isBig);
  return { info: known, storage: folder + path, start: known.byteOffset ?? entry.headerOffset };
}
