import { describe, expect, it } from 'vitest';
import { afterOf } from '../../../adapters/_meta/graph.ts';
import { fieldsOf, fromEither, fromGraphTime, idOf, urlOf } from '../../../adapters/_meta/json.ts';
import { findOurs, lookedAt, plain } from '../../../adapters/_meta/match.ts';
import { reply } from '../../kit/samples.ts';

const own = { id: '104', username: 'Pemkab.Contoh' };
const first = reply().firstAttemptAt.getTime();
const at = (ms: number) => new Date(first + ms).toISOString().replace(/\.\d+Z$/, '+0000');
const entry = (about: Record<string, unknown>) =>
  lookedAt({ id: '9', message: reply().text, from: { id: '104' }, created_time: at(5_000), ...about }, own);
const find = (about: Record<string, unknown>) => findOurs(reply(), reply().text, [entry(about)]);

describe('a reply of ours among what stands there', () => {
  const found = { found: { publishedId: '9' } };
  it.each([
    ['as it was sent', {}, found],
    ['with other white space and line ends', { message: ` ${reply().text.replaceAll(' ', '\r\n')}\u200b` }, found],
    ['known by its name, whatever the case', { from: { id: '7', username: 'pemkab.contoh' } }, found],
    ['a little before our clock says', { created_time: at(-110_000) }, found],
    ['long before the first try: an earlier one', { created_time: at(-130_000) }, undefined],
    ['of somebody else', { from: { id: '105' } }, undefined],
    ['of nobody we can see', { from: undefined }, 'unknown'],
    ['with other words', { message: `${reply().text}!` }, undefined],
  ])('%s', (_, about, finding) => expect(find(about)).toEqual(finding));
});

it('words are compared as people read them', () => {
  expect(plain(' a\u00A0 b\n\tc\u200B ')).toBe('a b c');
  expect(plain('e\u0301')).toBe('\u00e9');
});

it('a list goes on where Meta says so, and only by its cursor', () => {
  const next = 'https://elsewhere.example/v26.0/x?after=QWxs&access_token=abc';
  expect(afterOf({ paging: { cursors: { after: 'abc' }, next } })).toBe('abc');
  expect(afterOf({ paging: { next } })).toBe('QWxs');
  expect(afterOf({ paging: { cursors: { after: 'abc' } } })).toBeUndefined();
  expect(afterOf({})).toBeUndefined();
});

it('values of the wrong kind are none', () => {
  expect([idOf(''), idOf({}), idOf(1.5), idOf(12), idOf('12')]).toEqual([undefined, undefined, undefined, '12', '12']);
  expect([fieldsOf(null), fieldsOf([1]), fieldsOf('x')]).toEqual([{}, {}, {}]);
  expect([urlOf('javascript:x'), urlOf('https://a b'), urlOf('https://a.example/x')]).toEqual([
    undefined,
    undefined,
    'https://a.example/x',
  ]);
  expect([fromEither(1_795_400_120), fromEither(1_795_400_120_123), fromEither('soon'), fromEither(-1)]).toEqual([
    '2026-11-23T02:15:20.000Z',
    '2026-11-23T02:15:20.123Z',
    undefined,
    undefined,
  ]);
  expect([fromGraphTime('2026-11-21T09:15:04+0000'), fromGraphTime('kemarin')]).toEqual([
    '2026-11-21T09:15:04.000Z',
    undefined,
  ]);
});
