import { describe, expect, it } from 'vitest';
import { isDateFormat, readDate, writeDate } from '../../../adapters/http-json/dates.ts';
import { evaluate, mistakeIn } from '../../../adapters/http-json/expression.ts';
import { htmlToText } from '../../../adapters/http-json/html.ts';
import { at, isYes, listAt } from '../../../adapters/http-json/path.ts';
import { fillPath, fillRequest } from '../../../adapters/http-json/template.ts';

const NOON = new Date('2026-11-24T05:00:00Z');
const scope = (root: unknown, named = {}) => ({ root, named, at: NOON });

describe('times', () => {
  it.each([
    ['24-11-2026 12:00:00', 'd-m-Y H:i:s'],
    ['24-11-2026 12:00 WIB', 'dd-MM-yyyy HH:mm z'],
    ['24-11-2026 14:00 WIT', 'dd-MM-yyyy HH:mm z'],
    ['24 November 2026 pukul 12.00 WIB', "dd MMMM yyyy 'pukul' HH.mm z"],
    ['24 Nov 2026 12:00', 'd M Y H:i'],
    ['2026-11-24T12:00:00+07:00', 'iso'],
    ['2026-11-24 12:00:00', 'iso'],
    ['2026-11-24T05:00:00.000Z', 'iso'],
    ['1795496400', 'unix'],
    [1_795_496_400_000, 'unix-ms'],
  ])('%s is read as %s', (text, format) => {
    expect(isDateFormat(format)).toBe(true);
    expect(readDate(text, [format], 'WIB')).toBe('2026-11-24T05:00:00.000Z');
  });

  it('is nothing where no format fits, and on days that do not exist', () => {
    for (const text of ['31-02-2026 10:00:00', '24/11/2026', '', 'kemarin', null, {}])
      expect(readDate(text, ['d-m-Y H:i:s', 'iso'], 'WIB'), String(text)).toBeUndefined();
    for (const format of ['H:i', 'tanggal', 'd-m', '']) expect(isDateFormat(format), format).toBe(false);
  });

  it('takes the first format that fits, and the zone of the file where none is written', () => {
    expect(readDate('24-11-2026 12:00:00', ['iso', 'd-m-Y H:i:s'], 'WITA')).toBe('2026-11-24T04:00:00.000Z');
  });

  it('is written as the portal reads it', () => {
    expect(writeDate(NOON, 'd-m-Y H:i:s', 'WIB')).toBe('24-11-2026 12:00:00');
    expect(writeDate(NOON, 'yyyy-MM-dd', 'WIT')).toBe('2026-11-24');
    expect(writeDate(NOON, 'unix', 'WIB')).toBe('1795496400');
  });
});

describe('expressions', () => {
  it('gives what JSONata gives, by names, variables and functions', async () => {
    const report = { judul: 'A', pelapor: { nama: 'B' }, riwayat: [{ isi: 'x' }, { isi: 'y' }] };
    expect(await evaluate('pelapor.nama', scope(report))).toBe('B');
    expect(await evaluate('riwayat.isi', scope(report))).toEqual(['x', 'y']);
    expect(await evaluate('$join([judul, $list.kode], "-")', scope(report, { list: { kode: 'k' } }))).toBe('A-k');
    expect(await evaluate('tidak.ada', scope(report))).toBeUndefined();
    expect(await evaluate('constructor', scope(report))).toBeUndefined();
  });

  it('knows no clock but the time at which the report came', async () => {
    expect(await evaluate('$now()', scope({}))).toBe(NOON.toISOString());
    expect(await evaluate('$millis()', scope({}))).toBe(NOON.getTime());
  });

  it.each([
    ['($f := function($n) { $f($n + 1) }; $f(0))', 'langkah'],
    ['($f := function($n) { 1 + $f($n) }; $f(0))', 'dalam'],
    ['$map([1..10000000], function($n) { $n })', 'panjang'],
    ['$sum($map([1..10000], function($a) { $sum($map([1..10000], function($b) { $a * $b })) }))', 'langkah'],
  ])('ends %s', async (text, why) => {
    await expect(evaluate(text, scope({}))).rejects.toThrow(why);
    // And may be used again afterwards, for what ends.
    await expect(evaluate(text, scope({}))).rejects.toThrow(why);
  });

  it('says nothing of what it read when it fails', async () => {
    const failure = await evaluate('$number(rahasia)', scope({ rahasia: 'kata-rahasia' })).catch(String);
    expect(failure).toMatch(/ekspresi "\$number\(rahasia\)" gagal: JSONata D3030/);
    expect(failure).not.toContain('kata-rahasia');
  });

  it('names the place of a mistake', async () => {
    expect(await mistakeIn('judul & & isi')).toMatchObject({ position: 8 });
    expect(await mistakeIn('"tidak ditutup')).toMatchObject({
      message: expect.stringContaining('tanda kutip tidak ditutup'),
    });
    expect(await mistakeIn('$join([judul, isi], " - ")')).toBeUndefined();
  });
});

it('HTML becomes what people read, however broken', () => {
  expect(htmlToText('<p>Jalan &amp; jembatan<br>rusak.</p><ul><li>satu</li><li>dua</li></ul>')).toBe(
    'Jalan & jembatan\nrusak.\n\n- satu\n\n- dua',
  );
  expect(htmlToText('a<script>alert(1)</script>b<style>p{}</style><!-- c -->')).toBe('ab');
  expect(htmlToText('3 < 5 dan &lt;b&gt; &#45; &#x1F600; &tidakada;')).toBe('3 < 5 dan <b> - 😀 &tidakada;');
  expect(htmlToText(`<${'<'.repeat(50_000)}`)).toBe(`<${'<'.repeat(50_000)}`);
});

it('paths go through objects and lists, and never into prototypes', () => {
  const answer = { results: { docs: [{ id: 'f1' }, { id: 'f2' }], text: '[{"id":1}]' } };
  expect(at(answer, 'results.docs.id')).toBe('f1');
  expect(at(answer, 'results.docs.1.id')).toBe('f2');
  expect(at(answer, '')).toBe(answer);
  expect(at(answer, 'results.tidak.ada')).toBeUndefined();
  expect(listAt(answer, 'results.text')).toEqual([{ id: 1 }]);
  for (const yes of [true, 1, '1', 'ya', 'TRUE']) expect(isYes(yes), String(yes)).toBe(true);
  for (const no of [false, 0, '0', 'tidak', null, undefined, {}]) expect(isYes(no), String(no)).toBe(false);
});

it('requests are filled: alone a value keeps its kind, and no value leaves its place in a path', () => {
  const values = { id: '../x?y', text: 'a "b"', secret: true, files: ['f1'], kind: undefined, at: NOON };
  const json = {
    teks: '{{text}}',
    rahasia: '{{secret}}',
    angka: '{{secret|01}}',
    berkas: '{{files}}',
    kosong: '{{kind}}',
    jam: '{{at|date:d-m-Y}}',
  };
  const filled = fillRequest({ path: '/a/{{id}}', json }, values, {});
  expect(filled.json).toEqual({ teks: 'a "b"', rahasia: true, angka: '1', berkas: ['f1'], jam: '24-11-2026' });
  expect(filled).toMatchObject({ path: '/a/..%2Fx%3Fy', method: 'POST' });
  expect(fillPath('/a/{{id}}/b', { id: '..' }, {})).toBe('/a/%2E/b');
  expect(fillRequest({ path: '/', query: { jenis: '{{kind|table:k}}' } }, values, { k: { default: 2 } }).query).toEqual(
    { jenis: '2' },
  );
});
