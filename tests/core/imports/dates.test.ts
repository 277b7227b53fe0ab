import { expect, it } from 'vitest';
import { dateFormat, readDate } from '../../../src/core/imports/dates.ts';

const read = (text: string, formats: string[] = [], timezone = 'Asia/Jakarta') =>
  readDate(text, { formats, timezone })?.toISOString() ?? null;

it.each([
  ['24-11-2026 09:15', '2026-11-24T02:15:00.000Z'],
  ['24-11-2026 09:15 WIB', '2026-11-24T02:15:00.000Z'],
  ['24-11-2026 09:15 WITA', '2026-11-24T01:15:00.000Z'],
  ['02/09/2026 08:15:30', '2026-09-02T01:15:30.000Z'],
  ['2/9/26 8.15', '2026-09-02T01:15:00.000Z'],
  ['2026-11-24', '2026-11-23T17:00:00.000Z'],
  ['2026-11-24 09:15:00', '2026-11-24T02:15:00.000Z'],
  ['2026-11-24T09:15:00', '2026-11-24T02:15:00.000Z'],
  ['2026-11-24T09:15:00+08:00', '2026-11-24T01:15:00.000Z'],
  ['2026-11-24T09:15:00.123Z', '2026-11-24T09:15:00.123Z'],
  ['Selasa, 24 November 2026 pukul 09.15', '2026-11-24T02:15:00.000Z'],
  ['3 Agustus 2026', '2026-08-02T17:00:00.000Z'],
  ['46350.385416666664', '2026-11-24T02:15:00.000Z'],
  ['46350,5', '2026-11-24T05:00:00.000Z'],
  ['31-02-2026', null],
  ['24-13-2026', null],
  ['24-11-2026 25:00', null],
  ['kemarin', null],
  [`24-11-2026${' '.repeat(200_000)}x`, null],
  ['12345678', null],
])('reads %.40s', (text, at) => expect(read(text)).toBe(at));

it('goes by the formats that the channel names, of either way to write them', () => {
  expect(read('11/24/2026 09:15', ['MM/DD/YYYY HH:mm'])).toBe('2026-11-24T02:15:00.000Z');
  expect(read('03/04/2026', ['MM/DD/YYYY'])).toBe('2026-03-03T17:00:00.000Z');
  expect(read('24-11-2026 09:15:01', ['d-m-Y H:i:s'])).toBe('2026-11-24T02:15:01.000Z');
  expect(read('24.11.2026', ['dd.MM.yyyy'], 'Asia/Jayapura')).toBe('2026-11-23T15:00:00.000Z');
  expect(['HH:mm', 'DD-MM', 'besok', 'DD-MM-YYYY Q'].map(dateFormat)).toEqual([null, null, null, null]);
});
