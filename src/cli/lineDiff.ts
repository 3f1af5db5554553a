import { structuredPatch } from 'diff';

/** Texts that differ in more lines than this are shown as replaced altogether: finding the smallest diff would take too long. */
const mostEdits = 2000;
const context = 3;

/** The lines of a unified diff, without the two lines that name the sides; none where the texts are equal. */
export function diffLines(a: string, b: string): string[] {
  const patch = structuredPatch('', '', a, b, '', '', { context, maxEditLength: mostEdits });
  if (!patch) {
    const [removed, added] = [linesOf(a), linesOf(b)];
    return [
      `@@ -1,${removed.length} +1,${added.length} @@`,
      ...removed.map((line) => `-${line}`),
      ...added.map((line) => `+${line}`),
    ];
  }
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) =>
    [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`].concat(lines),
  );
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
