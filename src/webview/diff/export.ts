import type { DiffSide, ModelDiff } from '../../diff/modelDiff.ts';
import { reportHtml } from '../../diff/reportHtml.ts';
import { reportMarkdown } from '../../diff/reportMarkdown.ts';
import type { TensorEntry } from '../../diff/tensorsDiff.ts';
import { csvText } from '../csv.ts';
import type { Side, Sides } from './messages.ts';

/** A comment on GitHub can be 65,536 characters long. */
const mostRows = 200;

/** For a pull request or a message. */
export function diffMarkdown(diff: ModelDiff, sides: Sides): string {
  return reportMarkdown(named(diff, sides), { mostRows });
}

/** A page that stands alone. */
export function diffHtml(diff: ModelDiff, sides: Sides): string {
  return reportHtml(named(diff, sides), document.documentElement.lang);
}

export function diffJson(diff: ModelDiff): string {
  return `${JSON.stringify(diff, null, 2)}\n`;
}

/** Both are often the same model: which versions of it they are is what tells them apart. */
function named(diff: ModelDiff, sides: Sides): ModelDiff {
  const name = (side: DiffSide, { name, key }: Side): DiffSide => ({
    ...side,
    name: `${key.model} (${name})`,
  });
  return { ...diff, a: name(diff.a, sides.a), b: name(diff.b, sides.b) };
}

/** All tensors, those that are the same too, with numbers in full. */
export function diffCsv({ tensors }: ModelDiff): string {
  return csvText([
    [
      'status',
      'name',
      'nameBefore',
      'dtypeBefore',
      'dtype',
      'shapeBefore',
      'shape',
      'frozen',
      'relativeL2',
      'cosine',
      'maxAbsolute',
      'maxAt',
      'changed',
      'elements',
      'reason',
    ],
    ...tensors.entries.map(csvRow),
  ]);
}

function csvRow({ status, a, b, frozen, difference, reason }: TensorEntry) {
  return [
    status,
    b?.name,
    a?.name,
    a?.dtype,
    b?.dtype,
    a?.shape.join('x'),
    b?.shape.join('x'),
    frozen ?? false,
    difference?.relativeL2,
    difference?.cosine,
    difference?.maxAbsolute,
    difference?.maxAt?.join('x'),
    difference?.changed,
    (b ?? a)?.elements,
    reason,
  ];
}
