import { expect, test } from 'vitest';
import { e164, written } from '../../../adapters/sms/phones.ts';
import { readTime } from '../../../adapters/sms/times.ts';
import { randomFrom } from '../../crash/random.ts';

const random = randomFrom(11);
const digits = (count: number) => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
const mobile = () => `8${1 + Math.floor(random() * 9)}${digits(7 + Math.floor(random() * 4))}`;

test('an Indonesian mobile number is the same however it is written', () => {
  for (let n = 0; n < 2_000; n++) {
    const number = mobile();
    const wanted = `+62${number}`;
    const spaced = `0${number}`.replace(/(\d{4})(?=\d)/g, '$1-');
    for (const one of [
      `0${number}`,
      `62${number}`,
      `+62${number}`,
      `0062${number}`,
      number,
      `+62 (0) ${number}`,
      spaced,
      ` 0${number} `,
    ])
      expect(e164(one), one).toBe(wanted);
    for (const form of ['e164', 'digits', 'local'] as const) expect(e164(written(wanted, form))).toBe(wanted);
  }
});

test('a number of another country stays what it is, and so does any E.164 number', () => {
  for (let n = 0; n < 2_000; n++) {
    const number = `+${1 + Math.floor(random() * 9)}${digits(7 + Math.floor(random() * 8))}`;
    if (number.startsWith('+620')) continue;
    expect(e164(number)).toBe(number);
    expect(e164(`00${number.slice(1)}`)).toBe(number);
  }
  expect(e164('60123456789')).toBe('+60123456789');
  expect(written('+60123456789', 'local')).toBe('60123456789');
});

test.each([
  '3636',
  '1500',
  '99',
  '911',
  'TSEL',
  'InfoBMKG',
  '+',
  '',
  '08',
  '+0812345678',
  '123456789012345678',
  '0812x4567890',
])('%j is no telephone number', (text) => expect(e164(text)).toBeNull());

test.each([
  ['1764000000', '2025-11-24T16:00:00.000Z'],
  ['1764000000123', '2025-11-24T16:00:00.123Z'],
  ['2026-11-24T08:15:00Z', '2026-11-24T08:15:00.000Z'],
  ['2026-11-24T08:15:00.5+0700', '2026-11-24T01:15:00.500Z'],
  ['2026-11-24 08:15:07', '2026-11-24T01:15:07.000Z'],
  ['2026-11-24 08:15', '2026-11-24T01:15:00.000Z'],
  ['24-11-2026 08:15:00', '2026-11-24T01:15:00.000Z'],
  ['24/11/2026 08:15', '2026-11-24T01:15:00.000Z'],
  ['20261124_081500', '2026-11-24T01:15:00.000Z'],
  ['2026-02-31 08:15', undefined],
  ['20261332_081500', undefined],
  ['kemarin', undefined],
  [undefined, undefined],
])('the time %j', (text, wanted) => expect(readTime(text, '+07:00')).toBe(wanted));
