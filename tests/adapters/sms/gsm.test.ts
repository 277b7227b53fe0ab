import { expect, test } from 'vitest';
import { capacity, codingOf, count, plain, weigh } from '../../../adapters/sms/gsm.ts';
import sms from '../../../adapters/sms/index.ts';
import { randomFrom } from '../../crash/random.ts';

test.each([
  ['', 'gsm', 0, 1],
  ['a'.repeat(160), 'gsm', 160, 1],
  ['a'.repeat(161), 'gsm', 161, 2],
  ['a'.repeat(306), 'gsm', 306, 2],
  ['a'.repeat(307), 'gsm', 307, 3],
  // Each of these is two septets.
  ['€'.repeat(80), 'gsm', 160, 1],
  ['€'.repeat(81), 'gsm', 162, 2],
  // 153 is odd: an escape does not leave its sign, so a part holds 76 of them.
  ['€'.repeat(152), 'gsm', 304, 2],
  ['€'.repeat(153), 'gsm', 306, 3],
  ['[x] {y} ~^|\\', 'gsm', 20, 1],
  ['é ß Ω £ @ Ñ', 'gsm', 11, 1],
  ['ê', 'ucs2', 1, 1],
  ['`', 'ucs2', 1, 1],
  ['ç', 'ucs2', 1, 1],
  ['ب'.repeat(70), 'ucs2', 70, 1],
  ['ب'.repeat(71), 'ucs2', 71, 2],
  ['ب'.repeat(134), 'ucs2', 134, 2],
  ['ب'.repeat(135), 'ucs2', 135, 3],
  ['👍'.repeat(35), 'ucs2', 70, 1],
  ['👍'.repeat(36), 'ucs2', 72, 2],
  // 67 is odd: a pair is not parted, so a part holds 33.
  ['👍'.repeat(66), 'ucs2', 132, 2],
  ['👍'.repeat(67), 'ucs2', 134, 3],
] as const)('%j: %s, %i units, %i SMS', (text, coding, units, parts) => {
  expect(count(text)).toMatchObject({ coding, units, parts });
});

/** The texts of the parts, put together letter by letter. */
function divided(text: string): string[] {
  const gsm = codingOf(text) === 'gsm';
  const size = (part: string) =>
    gsm ? [...part].reduce((sum, one) => sum + (/[\f^{}\\[~\]|€]/.test(one) ? 2 : 1), 0) : part.length;
  if (size(text) <= (gsm ? 160 : 70)) return [text];
  const parts = [''];
  for (const letter of text) {
    if (size(parts.at(-1) + letter) > (gsm ? 153 : 67)) parts.push('');
    parts[parts.length - 1] += letter;
  }
  return parts;
}

test('a text is within the room of n SMS exactly when it fits into n', () => {
  const random = randomFrom(7);
  const letters = [...'abc é€[]~', '“', '👍', 'ب'];
  for (let n = 0; n < 3_000; n++) {
    const some = letters.slice(0, random() < 0.5 ? 9 : 12);
    const text = Array.from(
      { length: Math.floor(random() * 500) },
      () => some[Math.floor(random() * some.length)],
    ).join('');
    const parts = divided(text);
    expect(count(text).parts).toBe(parts.length);
    expect(parts.join('')).toBe(text);
    for (const room of [1, 2, 3, 4, 5, 10])
      expect(weigh(text) <= capacity(room), `${text} in ${room}`).toBe(parts.length <= room);
  }
});

test.each([
  ['“Lubangnya” sudah ditambal — terima kasih…', '"Lubangnya" sudah ditambal - terima kasih...'],
  ['Jum’at\u00A0pukul 08.00–10.00', "Jum'at pukul 08.00-10.00"],
  ['• lampu\r\n• jalan\t1', '- lampu\n- jalan 1'],
  ['cafe\u0301', 'café'],
  ['biasa saja', 'biasa saja'],
])('%j goes out as %j', (text, wanted) => {
  expect(plain(text)).toBe(wanted);
  expect(plain(wanted)).toBe(wanted);
  expect(codingOf(wanted)).toBe('gsm');
});

test.each(['“Baik” 👍', 'ê — x', '`“`ب'])('%j needs UCS-2 all the same and stays as it is', (text) => {
  expect(plain(text)).toBe(text);
});

test('the rules of an account follow its file', () => {
  const settings = (more: object) =>
    sms.settings.parse({ via: 'gammu', inbox: '/a', outbox: '/b', sent: '/c', error: '/d', ...more });
  const rules = (more: object) => sms.publish!.rules!('message', settings(more));
  const quoted = `“${'a'.repeat(158)}”`;
  expect(rules({}).maxChars).toBe(612);
  expect(rules({ maxParts: 1 }).maxChars).toBe(160);
  expect(rules({}).measure!(quoted)).toBe(160);
  expect(rules({ plainText: false }).measure!(quoted)).toBeGreaterThan(306);
});
