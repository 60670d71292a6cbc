/** What a spreadsheet takes for a formula, its full-width forms too, and the mark that makes text of it. */
const RISKY = /^['=+\-@\t\r＝＋－＠]/;
const MARKED = /^'['=+\-@\t\r＝＋－＠]/;

/** Text that no spreadsheet runs (OWASP, CSV injection). `unmarked` gives it back to the letter. */
export function marked(text: string): string {
  return RISKY.test(text) ? `'${text}` : text;
}

export function unmarked(cell: string): string {
  return MARKED.test(cell) ? cell.slice(1) : cell;
}
