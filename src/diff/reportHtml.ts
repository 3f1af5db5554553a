import { displayText } from '../formats/displayText.ts';
import type { ModelDiff } from './modelDiff.ts';
import { reportOf } from './report.ts';
import * as l10n from '@vscode/l10n';

/** What changed, as a page that stands alone: no script, nothing from elsewhere. @param language a BCP 47 tag */
export function reportHtml(diff: ModelDiff, language: string): string {
  const { verdict, warnings, notes, sections } = reportOf(diff);
  const title = `${displayText(diff.a.name)} → ${displayText(diff.b.name)}`;
  const list = (items: readonly string[], className: string): string =>
    items.length === 0
      ? ''
      : `<ul class="${className}">\n${items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</ul>\n`;
  const tables = sections.map(({ title, header, rows, numbers, more }) => {
    const cells = (row: readonly string[], tag: 'td' | 'th'): string =>
      row
        .map(
          (cell, column) =>
            `<${tag}${numbers.has(column) ? ' class="number"' : ''}>${escaped(cell)}</${tag}>`,
        )
        .join('');
    const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
    const rest = more > 0 ? `<p>${escaped(l10n.t('And {0} more.', more))}</p>\n` : '';
    return `<h2>${escaped(title)}</h2>\n<table>\n<thead><tr>${cells(header, 'th')}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>\n${rest}`;
  });
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p class="verdict">${escaped(verdict)}</p>
${list(warnings, 'warnings')}${tables.join('')}${list(notes, 'notes')}</body>
</html>
`;
}

/** Names come from files. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
:root { color-scheme: light dark; }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 32px auto; padding: 0 20px; }
h1 { font-size: 1.2em; overflow-wrap: anywhere; }
h2 { font-size: 1.05em; margin: 28px 0 8px; }
.verdict { font-size: 1.25em; font-weight: 600; }
.warnings { padding: 10px 10px 10px 32px; border: 1px solid #c18401; border-radius: 6px; }
.notes { opacity: 0.8; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { padding: 3px 12px 3px 0; text-align: left; vertical-align: top; border-bottom: 1px solid #8884; }
td { font-family: ui-monospace, monospace; font-size: 0.93em; }
.number { text-align: right; white-space: nowrap; }
`;
