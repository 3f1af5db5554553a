import * as l10n from '@vscode/l10n';
import type { ByteCursor } from '../byteCursor.ts';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { GraphValue, ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import { isCheckpointIndex, readCheckpointIndex } from './checkpoint.ts';
import type { TensorflowFile } from './file.ts';
import { readGraphDef } from './graphDef.ts';
import { readSavedModel } from './savedModel.ts';

/** Reads what TensorFlow writes: the graph of a SavedModel, a frozen graph, or the index of a checkpoint. */
export async function readTensorflow(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  let file: TensorflowFile | undefined;
  const read = async (draft: SummaryDraft, cursor: ByteCursor): Promise<void> => {
    const first = access.size > 0 ? await cursor.u8() : 0;
    // A SavedModel begins with a number, a graph with a node.
    const isGraph = first === 0x08 || first === 0x0a;
    if (!isGraph && (await isCheckpointIndex(access)))
      return readCheckpointIndex(draft, cursor, context.name);
    file = { cursor, draft, nodes: [], signatures: new Map() };
    const dangers = new Set<string>();
    const danger = (op: string, at: number): void => {
      if (dangers.has(op)) return;
      dangers.add(op);
      draft.findings.warning(
        l10n.t('The operator "{0}" runs code or touches files outside of the model.', op),
        at,
      );
    };
    cursor.moveTo(0);
    if (first === 0x08) await readSavedModel(file, danger);
    else await readGraphDef(file, cursor.size, danger);
    if (file.nodes.length === 0) draft.damaged(l10n.t('There is no graph in the file.'), 0);
  };
  return summarize('tensorflow', access, context, read, (draft) => {
    if (file) draft.graph = { ...ends(file), nodes: file.nodes, opsets: [] };
  });
}

/** What a graph is given and gives: as its signature says, or what nothing leads to and what leads to nothing. */
function ends({ nodes, signatures }: TensorflowFile): {
  inputs: readonly GraphValue[];
  outputs: readonly GraphValue[];
} {
  const [first] = signatures.values();
  const signature = signatures.get('serving_default') ?? first;
  if (signature) return signature;
  const used = new Set(nodes.flatMap(({ inputs }) => inputs.map((input) => input.replace(/^\^|:\d+$/g, ''))));
  const main = nodes.filter(({ name, outputs }) => !used.has(name) && outputs.length > 0);
  return {
    inputs: nodes
      .filter(({ op }) => op === 'Placeholder')
      .map(({ name, attributes }) => ({ name, dtype: attributes.get('dtype') })),
    outputs: main.filter(({ op }) => op !== 'NoOp' && op !== 'Placeholder').map(({ name }) => ({ name })),
  };
}
