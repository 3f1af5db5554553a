type Cell = string | number | boolean | null | undefined;

/** RFC 4180, with numbers in full. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map((cell) => quoted(safe(cell))).join(',')}\r\n`).join('');
}

/** Texts come out of files: a spreadsheet must not take one for a formula. */
function safe(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null || cell === undefined ? '' : String(cell);
  return /^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
