import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import type { Paper, Row, Section, Table, Total } from './paper.ts';
import { isDevanagari, printable } from './printable.ts';

const REGULAR = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const BOLD = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'));
/** SIL Open Font License, beside it. It is not bold: only names are in Devanagari. */
const DEVANAGARI = fileURLToPath(new URL('../fonts/noto-sans-devanagari.ttf', import.meta.url));
const MARGIN = 50;
const GAP = 6;
/** Of text in one line, about: enough to keep together what belongs together. */
const LINE = 14;
const SIZES = { title: 18, heading: 12, text: 9, detail: 7.5 } as const;
const GREY = '#666666';

type Doc = InstanceType<typeof PDFDocument>;

interface Span {
  text: string;
  size: keyof typeof SIZES;
  isBold?: boolean;
  isGrey?: boolean;
  width: number;
  align?: 'left' | 'right';
}

/** As a PDF on A4. The same paper makes the same text; long tables go on on the next page, under their heads. */
export async function renderPaper(paper: Paper): Promise<Buffer> {
  const { title, language, issuedAt, sections, isLandscape = false } = paper;
  const doc = new PDFDocument({
    ...{
      size: 'A4',
      layout: isLandscape ? 'landscape' : 'portrait',
      margin: MARGIN,
      lang: language,
      displayTitle: true,
      font: REGULAR,
      bufferPages: true,
    },
    info: { Title: printable(title), Producer: 'QuickBite', Creator: 'QuickBite', CreationDate: issuedAt },
  });
  const done = collect(doc);
  put(doc, { text: title, size: 'title', isBold: true, width: widthOf(doc) }, { x: MARGIN, y: MARGIN });
  doc.y = MARGIN + 32;
  for (const [index, section] of sections.entries()) {
    if (section.isOwnPage && index > 0) doc.addPage();
    drawSection(doc, section);
  }
  numberPages(doc);
  doc.end();
  return done;
}

function collect(doc: Doc): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    doc.on('error', reject);
  });
}

function widthOf(doc: Doc): number {
  return doc.page.width - 2 * MARGIN;
}

function hasRoom(doc: Doc, height: number): boolean {
  return doc.y + height <= doc.page.height - MARGIN;
}

/** What does not fit goes to the next page as a whole. */
function makeRoom(doc: Doc, height: number): void {
  if (!hasRoom(doc, height)) doc.addPage();
}

function fontOf(doc: Doc, { text, size, isBold = false }: Span): Doc {
  const font = isBold ? BOLD : REGULAR;
  return doc.font(isDevanagari(text) ? DEVANAGARI : font, SIZES[size]);
}

function heightOf(doc: Doc, span: Span): number {
  return span.text === '' ? 0 : fontOf(doc, span).heightOfString(printable(span.text), { width: span.width });
}

function put(doc: Doc, span: Span, { x, y }: { x: number; y: number }): void {
  if (span.text === '') return;
  fontOf(doc, span).fillColor(span.isGrey === true ? GREY : 'black');
  doc.text(printable(span.text), x, y, { width: span.width, align: span.align ?? 'left' });
}

/** Its facts are not parted from its heading, nor from what follows; its totals not from each other. */
function drawSection(doc: Doc, { heading, facts, tables, totals }: Section): void {
  const follows = tables.length === 0 ? totals.length : 4;
  makeRoom(doc, (facts.length + follows + 2) * LINE);
  if (heading !== '') {
    const { y } = doc;
    put(doc, { text: heading, size: 'heading', isBold: true, width: widthOf(doc) }, { x: MARGIN, y });
    doc.y = y + 19;
  }
  for (const [label, value] of facts) drawFact(doc, label, value);
  for (const table of tables) drawTable(doc, table);
  makeRoom(doc, totals.length * LINE);
  if (totals.length > 0) doc.y += GAP;
  for (const total of totals) drawTotal(doc, total);
  doc.y += 2 * GAP;
}

function drawFact(doc: Doc, label: string, value: string): void {
  const span: Span = { text: value, size: 'text', width: widthOf(doc) - 110 };
  const height = Math.max(heightOf(doc, span), 11);
  makeRoom(doc, height);
  const { y } = doc;
  put(doc, { text: label, size: 'text', isGrey: true, width: 105 }, { x: MARGIN, y });
  put(doc, span, { x: MARGIN + 110, y });
  doc.y = y + height + 2;
}

function drawTable(doc: Doc, table: Table): void {
  const { columns, rows, foot, isDense = false } = table;
  const size = isDense ? 'detail' : 'text';
  const head: Row = { cells: columns.map(({ label }) => label), detail: '' };
  const drawHead = (): void => {
    doc.y += GAP;
    drawRow(doc, columns, { row: head, isBold: true, size });
    drawRule(doc);
  };
  makeRoom(doc, 3 * LINE);
  drawHead();
  for (const row of rows) {
    if (!hasRoom(doc, spansOf(doc, columns, { row, isBold: false, size }).height)) {
      doc.addPage();
      drawHead();
    }
    drawRow(doc, columns, { row, isBold: false, size });
  }
  drawRule(doc);
  if (foot === undefined) return;
  if (!hasRoom(doc, 2 * LINE)) {
    doc.addPage();
    drawHead();
  }
  drawRow(doc, columns, { row: foot, isBold: true, size });
  drawRule(doc);
}

interface Drawn {
  row: Row;
  isBold: boolean;
  size: 'text' | 'detail';
}

/** The last column ends at the margin, as the rules do. */
function spansOf(doc: Doc, columns: Table['columns'], { row, isBold, size }: Drawn) {
  const spans = columns.map(({ share, isNumber }, index): Span => {
    const width = share * widthOf(doc) - (index === columns.length - 1 ? 0 : GAP);
    return { text: row.cells[index] ?? '', size, isBold, width, align: isNumber ? 'right' : 'left' };
  });
  const heights = spans.map((span) => heightOf(doc, span));
  const [nameHeight = 0] = heights;
  const detail: Span = { text: row.detail, size: 'detail', isGrey: true, width: spans[0]?.width ?? 0 };
  return { spans, detail, nameHeight, height: Math.max(nameHeight + heightOf(doc, detail), ...heights) };
}

function drawRow(doc: Doc, columns: Table['columns'], drawn: Drawn): void {
  const { spans, detail, nameHeight, height } = spansOf(doc, columns, drawn);
  const { y } = doc;
  let x = MARGIN;
  for (const [index, span] of spans.entries()) {
    put(doc, span, { x, y });
    x += (columns[index]?.share ?? 0) * widthOf(doc);
  }
  put(doc, detail, { x: MARGIN, y: y + nameHeight });
  doc.y = y + height + 3;
}

function drawRule(doc: Doc): void {
  doc
    .moveTo(MARGIN, doc.y)
    .lineTo(doc.page.width - MARGIN, doc.y)
    .lineWidth(0.5)
    .strokeColor('#bbbbbb')
    .stroke();
  doc.y += 3;
}

function drawTotal(doc: Doc, { label, amount, isStrong }: Total): void {
  const labelWidth = widthOf(doc) * 0.78;
  const span: Span = { text: label, size: 'text', isBold: isStrong, width: labelWidth, align: 'right' };
  const height = heightOf(doc, span);
  makeRoom(doc, height);
  const { y } = doc;
  put(doc, span, { x: MARGIN, y });
  put(doc, { ...span, text: amount, width: widthOf(doc) - labelWidth }, { x: MARGIN + labelWidth, y });
  doc.y = y + height + 2;
}

/** Where there are several. Below the margin, in which pdfkit would begin a page of its own for it. */
function numberPages(doc: Doc): void {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count && count > 1; page += 1) {
    doc.switchToPage(page);
    doc.page.margins.bottom = 0;
    const span: Span = {
      text: `${String(page + 1)} / ${String(count)}`,
      size: 'detail',
      isGrey: true,
      width: widthOf(doc),
    };
    put(doc, { ...span, align: 'right' }, { x: MARGIN, y: doc.page.height - MARGIN + 12 });
  }
}
