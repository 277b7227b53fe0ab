import { describe, expect, it } from 'vitest';
import type { RefusalReason } from '#contract';
import { graphError, INSTAGRAM_ERRORS, PAGE_ERRORS } from '../../../adapters/_meta/errors.ts';

const asked = {
  what: 'Membalas',
  writes: true,
  now: new Date(0),
  table: PAGE_ERRORS,
  renewal: 'Simpan dengan: kanal secret set FB_TOKEN',
};
const failed = (code: number | undefined, subcode?: number, more: Record<string, unknown> = {}, status = 400) => ({
  status,
  headers: {},
  body: { error: { message: 'katanya', code, error_subcode: subcode, fbtrace_id: 'Abc', ...more } },
});

type Class = 'limit' | 'auth' | 'doubt' | 'later' | 'spam' | RefusalReason;

/** Every code of Meta's pages that this project knows of, with what must follow. */
const PAGE: [Class, (number | [number, number])[]][] = [
  ['doubt', [1, 2, -1, -2, 506, 11357046]],
  ['limit', [4, 9, 17, 32, 341, 613, 80001, 80002, 80006, 80007, 80008]],
  ['auth', [3, 10, [10, 1893063], 102, 104, 190]],
  ['auth', [458, 459, 460, 463, 464, 467, 492].map((subcode): [number, number] => [190, subcode])],
  ['auth', [200, 210, 299, [200, 2534041], 230, 283, 1705, 2018300, 2018321, 2018247]],
  ['window', [[10, 2018278], [10, 2534022], [10, 2018065]]],
  ['gone', [[10, 2018108], [100, 33], [100, 2018001], [200, 1545041], 551, 2534001, 9000001]],
  ['later', [[100, 2018008], [100, 2018047], [100, 2018294]]],
  ['content', [[100, 2018109], [100, 2534015], [100, 2534037], 1609005]],
  ['forbidden', [[100, 2534025], 10900, 2534013, 2534014]],
  ['unsupported', [12]],
  ['invalid', [100, [100, 2018074], [100, 999], 2500, 77_777]],
  ['spam', [368]],
]; // biome-ignore format: one glance
const INSTAGRAM: [Class, (number | [number, number])[]][] = [
  ['window', [[200, 1545041], [10, 2534022], [10, 2018278]]],
  ['gone', [100, [100, 33]]],
  ['forbidden', [[100, 2534025], 10900, 2534013, 2534014]],
  ['content', [[100, 2534015]]],
  ['auth', [10, 102, 190, [190, 463], [200, 2534041], 3]],
  ['limit', [80002, 4, 17, 32, 613]],
  ['doubt', [1, 2, -1, -2]],
  ['invalid', [2500]],
  ['spam', [368]],
]; // biome-ignore format: one glance

function expectClass(meaning: Class, code: number, subcode: number | undefined, table = PAGE_ERRORS): void {
  const error = graphError(failed(code, subcode), { ...asked, table });
  const kinds = { limit: 'throttled', spam: 'throttled', auth: 'auth', doubt: 'retry', later: 'retry' } as const;
  const kind = meaning in kinds ? kinds[meaning as keyof typeof kinds] : 'refused';
  expect(error).toMatchObject({ kind, code: subcode === undefined ? `${code}` : `${code}/${subcode}` });
  if (kind === 'refused') expect(error).toMatchObject({ reason: meaning });
  if (kind === 'retry') expect(error).toMatchObject({ nothingSent: meaning === 'later' });
  if (meaning === 'spam') expect(error).toMatchObject({ retryAfterMs: 86_400_000 });
}

const rows = (table: typeof PAGE) =>
  table.flatMap(([meaning, codes]) =>
    codes.map((one) => (typeof one === 'number' ? ([meaning, one, undefined] as const) : ([meaning, ...one] as const))),
  );

describe('codes of a page', () => {
  it.each(rows(PAGE))('%s: %s/%s', (meaning, code, subcode) => expectClass(meaning, code, subcode));
  it('has no code in its table that is not tried here', () => {
    const tried = new Set(
      rows(PAGE).map(([, code, subcode]) => (subcode === undefined ? `${code}` : `${code}/${subcode}`)),
    );
    expect(Object.keys(PAGE_ERRORS).filter((name) => !tried.has(name))).toEqual([]);
  });
});

describe('codes of Instagram', () => {
  it.each(rows(INSTAGRAM))('%s: %s/%s', (meaning, code, subcode) =>
    expectClass(meaning, code, subcode, INSTAGRAM_ERRORS),
  );
});

describe('what goes before the code', () => {
  it('a passing trouble is a doubt, whatever else is said', () => {
    expect(graphError(failed(100, 33, { is_transient: true }), asked)).toMatchObject({
      kind: 'retry',
      nothingSent: false,
    });
  });
  it('a 2xx can hold an error', () => {
    expect(graphError(failed(190, 463, {}, 200), asked)).toMatchObject({ kind: 'auth' });
    expect(graphError({ status: 200, headers: {}, body: { id: '1' } }, asked)).toBeNull();
  });
  it('a status without a body', () => {
    const bare = (status: number, headers = {}) => graphError({ status, headers, body: undefined }, asked);
    expect(bare(429, { 'retry-after': '7' })).toMatchObject({ kind: 'throttled', retryAfterMs: 7_000 });
    expect(bare(502)).toMatchObject({ kind: 'retry', nothingSent: false });
    expect(bare(401)).toMatchObject({ kind: 'auth' });
    expect(bare(404)).toMatchObject({ kind: 'refused', reason: 'gone' });
  });
  it('an unknown refusal is final for a write and tried again for a read', () => {
    expect(graphError(failed(77_777), { ...asked, writes: false })).toMatchObject({ kind: 'retry', nothingSent: true });
  });
  it('a retired tag closes the window', () => {
    const error = failed(100, undefined, { message: 'This tag has been retired' });
    expect(graphError(error, asked)).toMatchObject({ kind: 'refused', reason: 'window' });
  });
});

it('waits as long as the header says, in minutes', () => {
  const usage = { '104': [{ type: 'pages', call_count: 100, estimated_time_to_regain_access: 12 }] };
  const headers = { 'x-business-use-case-usage': JSON.stringify(usage) };
  expect(graphError({ ...failed(80001), headers }, asked)).toMatchObject({ retryAfterMs: 720_000 });
  expect(graphError(failed(80001), asked)).toMatchObject({ retryAfterMs: 600_000 });
});

it('says what to do and which secret to set, and quotes nothing of Meta but its code and trace', () => {
  const { message } = graphError(failed(190, 463, { message: 'token EAAG123 expired' }), asked)!;
  expect(message).toBe(
    'Membalas: ditolak Meta (190/463, Abc). Token kedaluwarsa. Buat token baru. Simpan dengan: kanal secret set FB_TOKEN',
  );
});
