import * as l10n from '@vscode/l10n';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import type { ModelSummary } from '../summary.ts';
import { summarize, type SummaryDraft } from '../summaryDraft.ts';
import { Importance, type TreeShape } from '../trees.ts';
import { walkXml, type XmlElement, type XmlVisitor } from './walkXml.ts';

/** Reads a PMML document: what it predicts from what, and the form of its trees. */
export async function readPmml(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  return summarize('pmml', access, context, async (draft) => {
    const visitor = new PmmlVisitor(draft);
    try {
      await walkXml(access, context.signal, visitor);
    } finally {
      visitor.finish();
    }
  });
}

interface OpenTree {
  depth: number;
  deepest: number;
  leaves: number;
  /** Of the nodes that are open: whether any node has come within. */
  readonly hasChildren: boolean[];
}

class PmmlVisitor implements XmlVisitor {
  readonly #draft: SummaryDraft;
  readonly #features: string[] = [];
  readonly #trees: TreeShape[] = [];
  readonly #importance = new Importance();
  #tree: OpenTree | undefined;
  #model: string | undefined;

  constructor(draft: SummaryDraft) {
    this.#draft = draft;
  }

  open({ name, attributes }: XmlElement, parents: readonly XmlElement[]): void {
    const draft = this.#draft;
    if (name === 'PMML') draft.formatVersion = attributes['version'];
    else if (name === 'Application') {
      draft.producer = [attributes['name'], attributes['version']].filter(Boolean).join(' ') || undefined;
    } else if (name === 'DataField') {
      draft.count();
      const said = [attributes['optype'], attributes['dataType']].filter(Boolean).join(' ');
      draft.metadata.set(`field ${attributes['name'] ?? ''}`, said);
    } else if (attributes['functionName'] !== undefined && this.#model === undefined) {
      this.#model = name;
      draft.metadata.set('model', name);
      draft.metadata.set('function', attributes['functionName']);
      const algorithm = attributes['algorithmName'];
      if (algorithm !== undefined) draft.metadata.set('algorithm', algorithm);
    } else if (name === 'MiningField' && parents.length === 3) {
      const usage = attributes['usageType'] ?? 'active';
      draft.count();
      if (usage === 'active') this.#features.push(attributes['name'] ?? '');
      else draft.metadata.set(usage, attributes['name'] ?? '');
    }
    if (name === 'TreeModel') this.#tree = { depth: 0, deepest: 0, leaves: 0, hasChildren: [] };
    else if (name === 'Node') this.#openNode();
    else if (name === 'SimplePredicate' || name === 'SimpleSetPredicate')
      this.#predicate(attributes, parents);
  }

  close({ name }: XmlElement): void {
    const tree = this.#tree;
    if (!tree) return;
    if (name === 'Node') {
      if (tree.hasChildren.pop() === false) tree.leaves++;
      tree.depth--;
    } else if (name === 'TreeModel') {
      this.#draft.count();
      this.#trees.push({ leaves: tree.leaves, depth: tree.deepest });
      this.#tree = undefined;
    }
  }

  #openNode(): void {
    const tree = this.#tree;
    if (!tree) return;
    if (tree.depth > 0) tree.hasChildren[tree.depth - 1] = true;
    tree.deepest = Math.max(tree.deepest, tree.depth);
    tree.hasChildren[tree.depth++] = false;
  }

  /** Of the conditions that lead to the branches of a node, one is counted: the one of the first branch. */
  #predicate(attributes: XmlElement['attributes'], parents: readonly XmlElement[]): void {
    const node = parents.at(-1);
    const within = parents.at(-2);
    if (!this.#tree || node?.name !== 'Node' || within?.name !== 'Node') return;
    if (this.#counted.has(within)) return;
    this.#counted.add(within);
    this.#importance.add(attributes['field'] ?? '');
  }
  readonly #counted = new WeakSet<XmlElement>();

  finish(): void {
    if (this.#model === undefined) this.#draft.damaged(l10n.t('There is no model in the file.'), 0);
    else if (this.#trees.length > 0) {
      this.#draft.trees = {
        objective: this.#draft.metadata.get('function'),
        features: this.#features,
        trees: this.#trees,
        importance: this.#importance.map,
      };
    }
  }
}
