import type { Paper } from '../core/paper/index.ts';

const MARGIN = 56;
const LABEL_WIDTH = 110;

/**
 * A paper as PDF, A4. With the fonts that every reader has: a character beyond Western European writing, such as an
 * emoji, is printed as `?`.
 */
export async function paperPdf(paper: Paper): Promise<Buffer> {
  // Loaded when the first one is printed: it is large, and most hubs print seldom.
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({ size: 'A4', margin: MARGIN, info: { Title: printable(paper.title ?? '') } });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  draw(document, paper);
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

type Document = InstanceType<typeof import('pdfkit')>;

function draw(document: Document, { head, date, title, rows, to, body, sign, foot }: Paper): void {
  const right = document.page.width - MARGIN;
  const line = (text: string, options: Parameters<Document['text']>[1] = {}) => document.text(printable(text), options);
  const rule = () => document.moveTo(MARGIN, document.y).lineTo(right, document.y).stroke();
  document.font('Times-Bold').fontSize(13);
  for (const one of head) line(one, { align: 'center' });
  rule();
  document.moveDown().font('Times-Roman').fontSize(12);
  if (date) line(date, { align: 'right' });
  if (title) document.font('Times-Bold').fontSize(15).text(printable(title), { align: 'center' }).moveDown();
  document.font('Times-Roman').fontSize(12);
  for (const [label, value] of rows) {
    const top = document.y;
    document.text(printable(label), MARGIN, top, { width: LABEL_WIDTH });
    document.text(printable(value), MARGIN + LABEL_WIDTH, top, { width: right - MARGIN - LABEL_WIDTH });
  }
  document.x = MARGIN;
  document.moveDown();
  for (const one of to ?? []) line(one);
  if (to) document.moveDown();
  for (const one of body) line(one, { align: 'left', paragraphGap: 8 });
  if (sign) {
    document.moveDown();
    for (const one of sign) document.text(printable(one) || ' ', MARGIN + (right - MARGIN) * 0.55, document.y);
    document.x = MARGIN;
  }
  document.moveDown();
  rule();
  document.moveDown(0.5).fontSize(10);
  for (const one of foot) line(one, { paragraphGap: 3 });
}

/** Beyond Latin-1, what Windows-1252 holds. */
const WESTERN = /[^\n\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/gu;

const printable = (text: string): string => text.normalize('NFC').replace(/\t/g, ' ').replace(WESTERN, '?');
