import { describe, expect, it } from 'vitest';
import { paceOf, usageOf } from '../../../adapters/_meta/usage.ts';
import facebook from '../../../adapters/facebook/index.ts';
import { onBench } from '../../kit/context.ts';
import { event, reply } from '../../kit/samples.ts';
import { facebookHarness } from '../facebook.harness.ts';
import { facebookPlatform } from '../facebook.platform.ts';

const NOW = new Date('2026-11-24T08:00:00Z');

describe('the usage headers', () => {
  it('tell the fullest of all limits', () => {
    expect(usageOf({ 'x-app-usage': '{"call_count":28,"total_time":25,"total_cputime":91}' }).percent).toBe(91);
    const business = { '1': [{ call_count: 40 }], '2': [{ total_time: 95, estimated_time_to_regain_access: 3 }] };
    expect(usageOf({ 'x-business-use-case-usage': JSON.stringify(business) })).toEqual({
      percent: 95,
      regainMs: 180_000,
    });
  });
  it.each([
    {},
    { 'x-app-usage': '' },
    { 'x-app-usage': '{' },
    { 'x-app-usage': '[1]' },
    { 'x-business-use-case-usage': '{"1":7}' },
  ])('that say nothing are no limit: %j', (headers) => expect(usageOf(headers)).toEqual({ percent: 0, regainMs: 0 }));
});

describe('the pace', () => {
  const at = (percent: number, regainMs = 0, age = 0) => ({
    ...{ percent, regainMs },
    at: new Date(NOW.getTime() - age).toISOString(),
  });
  it.each([
    [undefined, { go: true, pages: 'all' }, { go: true, pages: 'all' }],
    [at(74), { go: true, pages: 'all' }, { go: true, pages: 'all' }],
    [at(75), { go: true, pages: 'one' }, { go: true, pages: 'one' }],
    [at(90), { go: false, waitMs: 900_000 }, { go: true, pages: 'one' }],
    [at(100, 300_000), { go: false, waitMs: 300_000 }, { go: false, waitMs: 300_000 }],
    [at(100, 300_000, 300_000), { go: true, pages: 'all' }, { go: true, pages: 'all' }],
    [at(90, 0, 900_000), { go: true, pages: 'all' }, { go: true, pages: 'all' }],
  ])('at %j', (noted, background, answers) => {
    expect(paceOf(noted, NOW, true)).toEqual(background);
    expect(paceOf(noted, NOW, false)).toEqual(answers);
  });
});

/** The page's platform, with its limit so full. */
const full = (percent: number) => ({
  ...facebookHarness,
  platform: (state: Parameters<typeof facebookPlatform>[0]) => {
    const genuine = facebookPlatform(state);
    return async (request: Parameters<typeof genuine>[0]) => {
      const answer = await genuine(request);
      return { ...answer, headers: { ...answer.headers, 'x-app-usage': JSON.stringify({ call_count: percent }) } };
    };
  },
});

it('at 75 % a poll reads one page and goes on next time', () =>
  onBench(facebook, full(76), async ({ ctx, state }) => {
    state.events.push(event(facebookHarness, 1));
    const first = await facebook.poll!.page(null, ctx);
    expect(first).toMatchObject({ more: false, items: [] });
    expect(await facebook.poll!.page(first.next, ctx)).toMatchObject({ items: [{ key: 'comment kit-1 add' }] });
  }));

it('at 90 % a poll reads nothing and is no failure, and answers go out', () =>
  onBench(facebook, full(92), async ({ ctx, state, wire }) => {
    const first = await facebook.poll!.page(null, ctx);
    expect(first).toMatchObject({ items: [], more: false });
    const asked = wire.requests.length;
    expect(await facebook.poll!.page(first.next, ctx)).toEqual({ items: [], next: first.next, more: false });
    expect(wire.requests).toHaveLength(asked);
    await facebook.publish!.send(reply({}, 'comment'), ctx);
    expect(state.landed).toHaveLength(1);
  }));

it('at 100 % nothing goes out, and surely nothing was sent', () =>
  onBench(facebook, full(100), async ({ ctx, wire }) => {
    await facebook.publish!.send(reply({}, 'comment'), ctx);
    const asked = wire.requests.length;
    const error = await facebook
      .publish!.send(reply({ key: 'two' }, 'comment'), ctx)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'throttled', nothingSent: true, code: 'usage' });
    expect(wire.requests).toHaveLength(asked);
  }));
