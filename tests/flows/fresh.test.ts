import { describe, expect, it } from 'vitest';
import { createFreshItems } from '../../src/flows/fresh.ts';

const item = (id: string, raw: string | Uint8Array) => ({ id, raw });

describe('items just stored', () => {
  it('are given away once', () => {
    const fresh = createFreshItems(100);
    fresh.keep([item('a', 'satu'), item('b', Buffer.of(0, 255))]);
    expect([fresh.take('a'), fresh.take('a'), fresh.take('c')]).toEqual(['satu', undefined, undefined]);
    expect(fresh.take('b')).toEqual(Buffer.of(0, 255));
  });

  it('take no more room than they may, and give it back', () => {
    const fresh = createFreshItems(10);
    fresh.keep([item('a', 'x'.repeat(6)), item('b', 'x'.repeat(5)), item('c', 'x')]);
    expect(fresh.take('b')).toBeUndefined();
    expect(fresh.take('a')).toBeDefined();
    fresh.keep([item('d', 'x'.repeat(10))]);
    expect(fresh.take('d')).toBeDefined();
  });

  it('that nobody asks for make room after a while', () => {
    let ms = 0;
    const fresh = createFreshItems(10, () => ms);
    fresh.keep([item('a', 'x'.repeat(9))]);
    ms = 19_000;
    fresh.keep([item('b', 'xx')]);
    expect(fresh.take('b')).toBeUndefined();
    ms = 21_000;
    fresh.keep([item('c', 'xx')]);
    expect([fresh.take('a'), fresh.take('c')]).toEqual([undefined, 'xx']);
  });

  it('are the same as what their row would give', () => {
    const fresh = createFreshItems(100);
    fresh.keep([item('a', 'aduan \ud800')]);
    expect(fresh.take('a')).toBe(Buffer.from('aduan \ud800').toString('utf8'));
  });
});
