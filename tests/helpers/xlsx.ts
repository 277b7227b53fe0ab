import { deflateRawSync } from 'node:zlib';
import { packZip } from '../../src/platform/tables/zip.ts';

type Value = string | number | null | { formula: string; shows: string } | { date: number };

export interface Sheet {
  name: string;
  state?: 'hidden' | 'veryHidden';
  rows: Value[][];
  /** Put into the sheet as it is. */
  extra?: string;
}

const escaped = (text: string): string => text.replace(/[<>&"]/g, (one) => `&#${one.charCodeAt(0)};`);
const letters = (column: number): string =>
  column < 26 ? String.fromCharCode(65 + column) : letters(Math.floor(column / 26) - 1) + letters(column % 26);

function cell(value: Value, at: string): string {
  if (value === null) return '';
  if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
  if (typeof value === 'string') return `<c r="${at}" t="inlineStr"><is><t>${escaped(value)}</t></is></c>`;
  if ('date' in value) return `<c r="${at}" s="1"><v>${value.date}</v></c>`;
  return `<c r="${at}" t="str"><f>${escaped(value.formula)}</f><v>${escaped(value.shows)}</v></c>`;
}

function sheetXml({ rows, extra = '' }: Sheet): string {
  const body = rows.map(
    (cells, row) =>
      `<row r="${row + 1}">${cells.map((value, column) => cell(value, `${letters(column)}${row + 1}`)).join('')}</row>`,
  );
  const namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  return `<?xml version="1.0"?>${extra}<worksheet ${namespace}><dimension ref="A1:XFD1048576"/><sheetData>${body.join('')}</sheetData></worksheet>`;
}

/** The parts of a workbook, as Excel writes them. */
export function workbook(sheets: readonly Sheet[]): { name: string; content: Buffer }[] {
  const head = '<?xml version="1.0" encoding="UTF-8"?>';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packages = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const listed = sheets.map(
    ({ name, state }, at) =>
      `<sheet name="${escaped(name)}" sheetId="${at + 1}"${state ? ` state="${state}"` : ''} r:id="rId${at + 1}"/>`,
  );
  const related = sheets.map(
    (_, at) => `<Relationship Id="rId${at + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
  );
  const styles = `<Relationship Id="rId${sheets.length + 1}" Type="${relations}/styles" Target="styles.xml"/>`;
  const files: [string, string][] = [
    ['[Content_Types].xml', `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`],
    [
      '_rels/.rels',
      `${head}<Relationships xmlns="${packages}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${listed.join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${head}<Relationships xmlns="${packages}">${related.join('')}${styles}</Relationships>`,
    ],
    [
      'xl/styles.xml',
      `${head}<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ],
    ...sheets.map((sheet, at): [string, string] => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheet)]),
  ];
  return files.map(([name, text]) => ({ name, content: Buffer.from(text) }));
}

export const xlsx = (...sheets: Sheet[]): Buffer => packZip(workbook(sheets));

/** A zip with one entry that unpacks to far more than it is, and claims to be small. */
export function zipBomb(name: string, bytes: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(bytes, 'A'));
  const zip = packZip([{ name, content: packed }]);
  const central = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  for (const [at, place] of [
    [0, 8],
    [central, 10],
  ] as const)
    zip.writeUInt16LE(8, at + place);
  return zip;
}
