import * as l10n from '@vscode/l10n';
import { modelDirectory } from '../../core/modelDirectories.ts';
import { displayText } from '../displayText.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import type { ModelFolder } from './modelFolder.ts';

const maxJson = 2 ** 24;
/** The same weights may be there in several forms: the first of these that is there is read. */
const endings = ['.safetensors', '.bin', '.h5', '.msgpack'];
const shard = /^(.*)-(\d{5})-of-(\d{5})(\.\w+)$/;

/** `config.json` as hyper-parameters, and the tensors of all shards. */
export async function readHuggingFace(folder: ModelFolder, draft: SummaryDraft): Promise<void> {
  for (const name of ['config.json', 'adapter_config.json']) await folder.settings(name, maxJson);
  const version = draft.hyperparameters.get('transformers_version');
  if (typeof version === 'string') draft.producer = `transformers ${version}`;
  const names = new Set(folder.files.map(({ path }) => path).filter((path) => !path.includes('/')));
  const weights = modelDirectory('', names)?.markers ?? [];
  const ending = endings.find((candidate) => weights.some((name) => name.endsWith(candidate)));
  const used = weights.filter((name) => ending !== undefined && name.endsWith(ending)).sort();
  for (const name of missingShards(used)) {
    draft.damaged(l10n.t('The shard {0} is missing: its tensors are not listed.', displayText(name)));
  }
  for (const name of used) await folder.add(name);
}

/** By the names of those that are there. */
function missingShards(names: readonly string[]): string[] {
  const missing = new Set<string>();
  for (const name of names) {
    const [, stem = '', , count = '', ending = ''] = shard.exec(name) ?? [];
    for (let number = 1; number <= Math.min(Number(count), 1000); number++) {
      const other = `${stem}-${String(number).padStart(5, '0')}-of-${count}${ending}`;
      if (!names.includes(other)) missing.add(other);
    }
  }
  return [...missing];
}
