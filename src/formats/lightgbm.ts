import * as l10n from '@vscode/l10n';
import { Malformed } from './byteCursor.ts';
import type { RandomAccess } from './randomAccess.ts';
import type { ReadContext } from './readers.ts';
import type { ModelSummary } from './summary.ts';
import { summarize, type SummaryDraft } from './summaryDraft.ts';
import { textLines } from './textLines.ts';
import { Importance, settingOf, treeContent, walkTree, type TreeShape } from './trees.ts';

/** Time: what lies beyond is not read. */
const maxRead = 512 * 2 ** 20;

/** The lines of a tree that say what it decides. */
const decidingKeys = [
  'num_leaves',
  'split_feature',
  'threshold',
  'decision_type',
  'left_child',
  'right_child',
  'leaf_value',
  'cat_boundaries',
  'cat_threshold',
  'leaf_const',
  'leaf_features',
  'leaf_coeff',
] as const;
const treeKeys: ReadonlySet<string> = new Set([...decidingKeys, 'split_gain']);

/** Reads a model that LightGBM saved as text, line by line. */
export async function readLightgbm(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  return summarize('lightgbm', access, context, async (draft) => {
    const reading = new Reading(draft);
    try {
      for await (const { text, offset, ended } of textLines(access, context.signal)) {
        if (offset > maxRead) {
          draft.notRead(l10n.t('Only the first {0} bytes are read.', offset), offset);
          break;
        }
        // A line that is cut off may not say what it was to say.
        if (ended || reading.section === 'after') reading.line(text);
        else draft.damaged(l10n.t('The file ends in the middle of a line.'), offset);
      }
      if (reading.section !== 'after' && draft.complete) {
        draft.damaged(l10n.t('The file ends before the model does.'), access.size);
      }
    } finally {
      reading.finish();
    }
  });
}

class Reading {
  section: 'header' | 'trees' | 'importance' | 'parameters' | 'after' = 'header';
  readonly #draft: SummaryDraft;
  readonly #header = new Map<string, string>();
  #features: readonly string[] = [];
  #tree = new Map<string, string>();
  readonly #trees: TreeShape[] = [];
  readonly #importance = new Importance();

  constructor(draft: SummaryDraft) {
    this.#draft = draft;
  }

  line(text: string): void {
    if (text === 'end of trees' || text.startsWith('Tree=')) {
      this.#endTree();
      this.section = text === 'end of trees' ? 'importance' : 'trees';
    } else if (text === 'parameters:') this.section = 'parameters';
    else if (text === 'end of parameters') this.section = 'after';
    else if (this.section === 'parameters') this.#parameter(text);
    else {
      const equals = text.indexOf('=');
      const key = equals === -1 ? text : text.slice(0, equals);
      const value = text.slice(key.length + 1);
      if (this.section === 'header') this.#headerLine(key, value);
      else if (this.section === 'trees' && treeKeys.has(key)) this.#tree.set(key, value);
    }
  }

  #headerLine(key: string, value: string): void {
    this.#draft.count();
    if (key === 'feature_names') {
      this.#features = value === '' ? [] : value.split(' ');
      this.#draft.count(this.#features.length);
    }
    // These grow with the number of trees and features, and say little.
    else if (key !== 'feature_infos' && key !== 'tree_sizes' && key !== '') this.#header.set(key, value);
  }

  #parameter(text: string): void {
    const parts = /^\[([^:\]]+): (.*)\]$/.exec(text);
    if (!parts) return;
    this.#draft.count();
    this.#draft.hyperparameters.set(parts[1] ?? '', settingOf(parts[2] ?? ''));
  }

  #endTree(): void {
    if (this.section !== 'trees') return;
    this.#draft.count();
    const list = (key: string): number[] => {
      const text = this.#tree.get(key) ?? '';
      return text === '' ? [] : text.split(' ').map(Number);
    };
    const leaves = Number(this.#tree.get('num_leaves') ?? Number.NaN);
    if (!Number.isSafeInteger(leaves) || leaves < 1) throw new Malformed();
    const [left, right] = [list('left_child'), list('right_child')];
    const [features, gains] = [list('split_feature'), list('split_gain')];
    const shape = walkTree(
      leaves === 1 ? -1 : 0,
      2 * leaves - 1,
      // A leaf is written as the complement of its number.
      (node) => (node < 0 ? undefined : [childOf(left, node), childOf(right, node)]),
      (node) => {
        // As LightGBM counts: a split that gains nothing is none.
        const gain = gains[node];
        if (gain !== undefined && !(gain > 0)) return;
        this.#importance.add(this.#features[features[node] ?? -1] ?? `Column_${features[node]}`, gain);
      },
    );
    const content = treeContent(decidingKeys.map((key) => this.#tree.get(key) ?? ''));
    this.#trees.push({ ...shape, content });
    this.#tree = new Map();
  }

  finish(): void {
    const draft = this.#draft;
    const take = (key: string): string | undefined => {
      const value = this.#header.get(key);
      this.#header.delete(key);
      return value;
    };
    this.#header.delete('tree');
    draft.formatVersion = take('version');
    const classes = Number(take('num_class') ?? 1);
    draft.trees = {
      objective: take('objective'),
      features: this.#features,
      classes: classes > 1 ? classes : undefined,
      trees: this.#trees,
      importance: this.#importance.map,
    };
    for (const [key, value] of this.#header) draft.metadata.set(key, value);
  }
}

function childOf(children: readonly number[], node: number): number {
  const child = children[node];
  if (child === undefined || !Number.isInteger(child)) throw new Malformed();
  return child;
}
