import { describe, expect, it } from 'vitest';
import { adviceOf } from '../../src/core/advice.ts';
import { alarmsOf, type ChannelFacts } from '../../src/core/alarms.ts';
import { quietLimit, silentSince } from '../../src/core/silence.ts';
import { HEALTH } from '../../src/store/schema.ts';

const NOW = new Date('2026-11-24T03:00:00Z');
const MINUTE = 60_000;
const DAY = 86_400_000;
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const ahead = (ms: number) => new Date(NOW.getTime() + ms);
const facts = (id: string, about: Partial<ChannelFacts> = {}): ChannelFacts => ({
  ...{ id, label: id.toUpperCase(), state: 'ok', since: ago(DAY), evidence: null, unreachable: false },
  ...{ workedAt: ago(MINUTE), expiresAt: null, certificateExpiresAt: null, connects: true },
  ...about,
});
const kinds = (...given: ChannelFacts[]) =>
  alarmsOf(given, NOW, 10 * MINUTE).map(({ channelId, kind }) => `${channelId} ${kind}`);
const cut = (id: string, minutes: number, about: Partial<ChannelFacts> = {}) =>
  facts(id, { state: 'degraded', unreachable: true, since: ago(minutes * MINUTE), workedAt: null, ...about });

describe('alarms', () => {
  it.each(['authNeeded', 'quotaSpent', 'silent', 'misconfigured', 'awaitingAccess'])('%s is told at once', (state) => {
    expect(kinds(facts('fb', { state, since: NOW }))).toEqual([`fb ${state}`]);
  });

  it('nothing is said of what is well, paused, or troubled for a moment', () => {
    expect(kinds(facts('a'), facts('b', { state: 'paused' }))).toEqual([]);
    expect(kinds(facts('a', { state: 'degraded', since: ago(9 * MINUTE) }))).toEqual([]);
    expect(kinds(facts('a', { state: 'throttled', since: ago(59 * MINUTE) }))).toEqual([]);
    expect(kinds(facts('a', { state: 'degraded', since: ago(10 * MINUTE) }))).toEqual(['a degraded']);
    expect(kinds(facts('a', { state: 'throttled', since: ago(60 * MINUTE) }))).toEqual(['a throttled']);
  });

  it('the same trouble has the same key, and a new one another', () => {
    const key = (since: Date, evidence: string) =>
      alarmsOf([facts('fb', { state: 'authNeeded', since, evidence })], NOW, 0)[0]!.key;
    expect(key(ago(5), 'satu')).toBe(key(ago(5), 'dua'));
    expect(key(ago(5), 'satu')).not.toBe(key(ago(4), 'satu'));
  });

  it('every alarm says what was seen and what to do', () => {
    for (const state of ['authNeeded', 'quotaSpent', 'silent', 'misconfigured', 'awaitingAccess']) {
      const [alarm] = alarmsOf([facts('fb', { state })], NOW, 0);
      expect(alarm!.evidence.length).toBeGreaterThan(10);
      expect(alarm!.advice.length).toBeGreaterThan(20);
    }
  });

  describe('when the office has no internet', () => {
    it('there is one alarm, not one per channel', () => {
      expect(kinds(cut('a', 20), cut('b', 15), cut('c', 4))).toEqual(['null offline']);
    });

    it('one channel that works shows that it is not the line', () => {
      expect(kinds(cut('a', 20), cut('b', 15), facts('c'))).toEqual(['a degraded', 'b degraded']);
      // Its last success was before the trouble began: it was not tried since.
      expect(kinds(cut('a', 20), cut('b', 15), facts('c', { workedAt: ago(21 * MINUTE) }))).toEqual(['null offline']);
    });

    it('one channel alone is that channel; so is a platform that answers with an error', () => {
      expect(kinds(cut('a', 20))).toEqual(['a degraded']);
      expect(kinds(cut('a', 20), cut('b', 20, { unreachable: false }))).toEqual(['a degraded', 'b degraded']);
    });

    it('what has another cause is still told', () => {
      expect(kinds(cut('a', 20), cut('b', 15), facts('c', { state: 'authNeeded', workedAt: null }))).toEqual([
        'null offline',
        'c authNeeded',
      ]);
    });
  });

  it.each([
    [31, []],
    [30, ['30']],
    [8, ['30']],
    [7, ['7']],
    [1, ['1']],
    [0.2, ['1']],
    [-1, ['1']],
  ])('an end in %d days is told 30, 7 and 1 day before', (days, thresholds) => {
    const end = ahead(days * DAY);
    const keys = alarmsOf([facts('fb', { expiresAt: end, certificateExpiresAt: end })], NOW, 0).map(({ key }) => key);
    expect(keys).toEqual([
      ...thresholds.map((one) => `fb expiry ${one} ${end.toISOString()}`),
      ...thresholds.map((one) => `fb certificate ${one} ${end.toISOString()}`),
    ]);
  });
});

it('there is advice for every state but the good one', () => {
  for (const state of HEALTH) expect(adviceOf(state, { id: 'fb', connects: true }) === '').toBe(state === 'ok');
  expect(adviceOf('authNeeded', { id: 'fb', connects: true })).toContain('kanal channel connect fb');
  expect(adviceOf('authNeeded', { id: 'fb', connects: false })).toContain('kanal secret set');
});

describe('silence', () => {
  it('is judged against the rhythm of the channel itself', () => {
    expect(quietLimit({ items: 19, longestMs: DAY })).toBeNull();
    expect(quietLimit({ items: 20, longestMs: 3 * DAY })).toBe(6 * DAY);
    expect(quietLimit({ items: 5_000, longestMs: MINUTE })).toBe(DAY);
    const seen = { lastItemAt: ago(2 * DAY), quietMs: DAY };
    expect(silentSince(seen, undefined, NOW)).toEqual(ago(2 * DAY));
    expect(silentSince({ ...seen, quietMs: 3 * DAY }, undefined, NOW)).toBeNull();
    expect(silentSince({ ...seen, quietMs: null }, undefined, NOW)).toBeNull();
  });

  it('or against what its file expects', () => {
    const seen = { lastItemAt: ago(2 * DAY), quietMs: 9 * DAY };
    expect(silentSince(seen, { every: DAY }, NOW)).toEqual(ago(2 * DAY));
    expect(silentSince({ ...seen, quietMs: DAY }, false, NOW)).toBeNull();
    expect(silentSince({ lastItemAt: null, quietMs: null }, { every: DAY }, NOW)).toBeNull();
  });
});
