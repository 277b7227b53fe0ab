import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findLeaks, mask, ownContacts } from '../../../src/core/leaks/index.ts';

/** Answers as an office writes them, with invented people; `\n` in a leaking one stands for a line break. */
const linesOf = (name: string): string[] =>
  readFileSync(new URL(`../../fixtures/leaks/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean);

const OWN = ownContacts([
  {
    phones: ['0287-381234', '(0287) 384567', '0811-2611-100', '0800-1-500-112'],
    emails: ['kominfo@kebumenkab.go.id', 'pengaduan@kebumenkab.go.id', '@dpupr.kebumenkab.go.id'],
    addresses: ['Jl. Merdeka No. 2 Kebumen', 'Jl. Veteran No. 61', 'Jl. HM Sarbini No. 21'],
  },
]);
const leaking = linesOf('leaking.tsv').map((line) => {
  const [kind = '', text = ''] = line.split('\t');
  return { kind, text: text.replaceAll('\\n', '\n') };
});
const clean = linesOf('clean.txt');

it('has 300 clean and 200 leaking answers', () => {
  expect([new Set(clean).size, leaking.length]).toEqual([300, 200]);
});

it('refuses no clean answer', () => {
  expect(clean.filter((text) => findLeaks(text, OWN).length > 0)).toEqual([]);
});

// Without a label, a family card issued on a day of the month reads like the NIK of a man born on it: refused either way.
const FOUND_AS: Record<string, readonly string[]> = {
  nik: ['nik'],
  kk: ['kk', 'nik'],
  phone: ['phone'],
  email: ['email'],
};

describe.each(Object.keys(FOUND_AS))('%s', (kind) => {
  const mine = leaking.filter((one) => one.kind === kind);
  it('is never missed', () => {
    const missed = mine.filter(({ text }) => !findLeaks(text, OWN).some((leak) => FOUND_AS[kind]?.includes(leak.kind)));
    expect(missed).toEqual([]);
  });
  it('is gone once masked', () => {
    expect(mine.map(({ text }) => mask(text, OWN)).filter((text) => findLeaks(text, OWN).length > 0)).toEqual([]);
  });
});
