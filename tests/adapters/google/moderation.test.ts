import { describe, expect, it } from 'vitest';
import { judge, reasonOf } from '../../../adapters/google-reviews/moderation.ts';
import {
  confirmed,
  earlierThan,
  isOurs,
  markOf,
  opened,
  settled,
  type Written,
} from '../../../adapters/google-reviews/written.ts';

const EMPTY: Written = { answers: [], open: [], marks: [] };
const at = '2026-11-24T08:00:00Z';
const reply = (comment: string, state = 'APPROVED', violation = '') => ({ comment, updateTime: at, state, violation });
const wrote = (text: string, old = EMPTY, key = text) =>
  confirmed(opened(old, { key, text, at }, text), key, reply(text));
const HOUR = 3_600_000;

describe('what Google says of a reply', () => {
  it.each([
    ['PENDING', 'sent', false],
    ['APPROVED', 'visible', true],
    ['ACTIVE', 'visible', true],
    ['REVIEW_REPLY_STATE_UNSPECIFIED', 'visible', true],
    ['', 'visible', true],
    ['REJECTED', 'rejected', true],
  ])('%s is %s', (state, expected, final) => {
    expect(judge({ reply: reply('a', state, 'OFF_TOPIC') }, wrote('a'), HOUR)).toMatchObject({
      state: expected,
      final,
    });
  });

  it('one that is not there yet is waited for, and later counts as removed', () => {
    expect(judge({ reply: undefined }, wrote('a'), 1_000)).toEqual({ final: false });
    expect(judge({ reply: undefined }, wrote('a'), HOUR)).toMatchObject({ state: 'removed', final: true });
    const two = wrote('b', wrote('a'));
    expect(judge({ reply: reply('a') }, two, 1_000)).toEqual({ final: false });
  });

  it('other words mean that somebody replaced it', () => {
    expect(judge({ reply: reply('lain') }, wrote('a'), HOUR)).toMatchObject({ state: 'removed', final: true });
  });

  it.each([
    ['PERSONAL_INFO', 'data pribadi'],
    ['REPETITIVE', 'terlalu mirip'],
    ['LOCATION_SUSPENDED', 'business.google.com'],
    ['ACCOUNT_RESTRICTED_SPAM', 'business.google.com'],
    ['MODERATION_ERROR', 'sekali lagi'],
    ['SOMETHING_NEW', 'melanggar aturan isi (SOMETHING_NEW)'],
  ])('%s is put in words', (violation, words) => {
    expect(reasonOf(violation)).toContain(words);
  });
});

describe('what was written below a review', () => {
  it('is known again, whatever white space Google changes', () => {
    const state = opened(EMPTY, { key: 'k', text: 'Baris\r\nsatu', at }, 'Baris\r\nsatu');
    expect(isOurs(state, reply('Baris\nsatu '))).toBe(true);
    expect(settled(state, { reply: reply('Baris\nsatu') })).toMatchObject({ answers: [{ key: 'k' }], open: [] });
    expect(settled(state, { reply: undefined })).toBe(state);
  });

  it('a doubtful answer that did not land is not carried', () => {
    const state = opened(wrote('a'), { key: 'b', text: 'b', at }, 'b a');
    expect(earlierThan(settled(state, { reply: reply('a') }), 'c').map(({ text }) => text)).toEqual(['a']);
    expect(earlierThan(settled(state, { reply: reply('b a') }), 'c').map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('a refused answer is taken out once', () => {
    const state = wrote('b', wrote('a'));
    const refused = settled(state, { reply: reply('b', 'REJECTED') });
    expect(earlierThan(refused, 'c').map(({ text }) => text)).toEqual(['a']);
    expect(settled(refused, { reply: reply('b', 'REJECTED') })).toEqual(refused);
  });

  it('words from outside take the place of ours', () => {
    const state = settled(wrote('a'), { reply: reply('a, disunting') });
    expect(earlierThan(state, 'c')).toEqual([{ key: '', text: 'a, disunting', at }]);
    expect(state.marks).toEqual([markOf('a')]);
  });
});
