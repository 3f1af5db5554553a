import * as l10n from '@vscode/l10n';
import type { ModelDiff } from './modelDiff.ts';
import { reportOf, type ReportOptions } from './report.ts';
import { displayText } from '../formats/displayText.ts';

/** What changed, as GitHub's Markdown: for a pull request or a message. */
export function reportMarkdown(diff: ModelDiff, options: ReportOptions = {}): string {
  const { verdict, warnings, notes, sections } = reportOf(diff, options);
  const names = `${code(diff.a.name)} → ${code(diff.b.name)}`;
  const blocks = [`### ${names}`, escaped(verdict)];
  if (warnings.length > 0) blocks.push(warnings.map((warning) => `- **${escaped(warning)}**`).join('\n'));
  for (const { title, header, rows, more, numbers } of sections) {
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    const table = [
      line(header.map(escaped)),
      line(header.map((_, column) => (numbers.has(column) ? '---:' : '---'))),
      ...rows.map((row) => line(row.map(escaped))),
    ];
    blocks.push(`#### ${escaped(title)}`, table.join('\n'));
    if (more > 0) blocks.push(l10n.t('And {0} more.', more));
  }
  if (notes.length > 0) blocks.push(notes.map((note) => `- ${escaped(note)}`).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** Names come from files: nothing in them may become a link, a picture, HTML or another column. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~!@&$]/g, String.raw`\$&`);
}

/** A backslash means nothing within code, and in a heading there is no table to leave. */
function code(text: string): string {
  const shown = displayText(text);
  const fence = '`'.repeat(Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return `${fence} ${shown} ${fence}`;
}
