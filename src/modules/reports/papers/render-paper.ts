import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import type { Paper, Row, Table, Total } from './paper.ts';
import { printable } from './printable.ts';

const FONT = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const BOLD = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'));
const MARGIN = 50;
const GAP = 6;
const SIZES = { title: 18, heading: 12, text: 9, detail: 7.5 } as const;
const GREY = '#666666';

type Doc = InstanceType<typeof PDFDocument>;

/** As a PDF on A4. The same paper makes the same text; long tables go on on the next page. */
export async function renderPaper(paper: Paper): Promise<Buffer> {
  const { title, language, issuedAt, sections } = paper;
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: MARGIN, lang: language, displayTitle: true, font: FONT },
    info: { Title: printable(title), Producer: 'QuickBite', Creator: 'QuickBite', CreationDate: issuedAt },
  });
  const done = collect(doc);
  doc.font(BOLD, SIZES.title).text(printable(title)).moveDown(0.5);
  for (const [index, { heading, isOwnPage, facts, tables, totals }] of sections.entries()) {
    if (isOwnPage && index > 0) doc.addPage();
    if (heading !== '') doc.font(BOLD, SIZES.heading).text(printable(heading), MARGIN).moveDown(0.3);
    for (const [label, value] of facts) drawFact(doc, label, value);
    for (const table of tables) drawTable(doc, table);
    for (const total of totals) drawTotal(doc, total);
    doc.moveDown(1);
  }
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

/** A row that does not fit goes to the next page as a whole. */
function makeRoom(doc: Doc, height: number): void {
  if (doc.y + height > doc.page.height - MARGIN) doc.addPage();
}

function drawFact(doc: Doc, label: string, value: string): void {
  const width = widthOf(doc) - 110;
  doc.font(FONT, SIZES.text);
  const height = doc.heightOfString(printable(value), { width });
  makeRoom(doc, height);
  const { y } = doc;
  doc.fillColor(GREY).text(printable(label), MARGIN, y, { width: 105 });
  doc.fillColor('black').text(printable(value), MARGIN + 110, y, { width });
  doc.y = y + height + 2;
}

function drawTable(doc: Doc, { columns, rows }: Table): void {
  doc.y += GAP;
  const head = { cells: columns.map(({ label }) => label), detail: '' };
  drawRow(doc, columns, { row: head, font: BOLD });
  drawRule(doc);
  for (const row of rows) drawRow(doc, columns, { row, font: FONT });
  drawRule(doc);
}

function drawRow(doc: Doc, columns: Table['columns'], { row, font }: { row: Row; font: string }): void {
  const widths = columns.map(({ share }) => share * widthOf(doc) - GAP);
  const cells = row.cells.map(printable);
  const detail = printable(row.detail);
  const [first = 0] = widths;
  doc.font(FONT, SIZES.detail);
  const detailHeight = detail === '' ? 0 : doc.heightOfString(detail, { width: first });
  doc.font(font, SIZES.text);
  const heights = cells.map((cell, index) => doc.heightOfString(cell, { width: widths[index] ?? 0 }));
  const [firstHeight = 0] = heights;
  const height = Math.max(firstHeight + detailHeight, ...heights);
  makeRoom(doc, height);
  const { y } = doc;
  let x = MARGIN;
  for (const [index, { isNumber, share }] of columns.entries()) {
    doc.text(cells[index] ?? '', x, y, { width: widths[index] ?? 0, align: isNumber ? 'right' : 'left' });
    x += share * widthOf(doc);
  }
  if (detail !== '') {
    doc
      .font(FONT, SIZES.detail)
      .fillColor(GREY)
      .text(detail, MARGIN, y + firstHeight, { width: first });
    doc.fillColor('black');
  }
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
  const width = widthOf(doc) - GAP;
  const labelWidth = width * 0.78;
  doc.font(isStrong ? BOLD : FONT, SIZES.text);
  const height = doc.heightOfString(printable(label), { width: labelWidth });
  makeRoom(doc, height);
  const { y } = doc;
  doc.text(printable(label), MARGIN, y, { width: labelWidth, align: 'right' });
  doc.text(printable(amount), MARGIN + labelWidth, y, { width: width - labelWidth, align: 'right' });
  doc.y = y + height + 2;
}
