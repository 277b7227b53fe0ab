import { describe, expect, test } from 'vitest';
import type { Receive } from '#contract';
import webhook from '../../adapters/webhook/index.ts';
import { here } from './broken/door.ts';
import { complete, completeHarness } from './broken/extract.ts';
import { broken } from './broken/index.ts';
import { BrokenPromise } from './expect.ts';
import { checks } from './index.ts';

test('every check has an adapter that breaks it, and every broken adapter has its check', () => {
  expect(Object.keys(broken).sort()).toEqual(checks.map((check) => check.name).sort());
});

test('a poll-only adapter is not asked about what it does not have', () => {
  const { name, settings, normalise, poll } = webhook;
  const names = checks
    .filter((check) => check.applies({ name, settings, normalise, poll: poll! }))
    .map((one) => one.name);
  expect(names).toContain('poll loses nothing when it is stopped after any page');
  expect(names.filter((one) => /verify|unpack|send|publishing|reconcile|watch|media/.test(one))).toEqual([]);
});

test('content that nobody signed is never taken for more than a wake-up', async () => {
  const unsigned = { ...completeHarness, receive: { ...completeHarness.receive!, unsigned: true as const } };
  const names = /one changed byte|0xff changed|another way|every event of a batch|keys of their own|unreadable|serves/;
  const about = checks.filter((check) => names.test(check.name));
  expect(about).toHaveLength(7);
  for (const check of about) await expect(check.run(complete, unsigned)).rejects.toBeInstanceOf(BrokenPromise);
});

test('an adapter that says that its deliveries only wake is held to it, and its signature to all', async () => {
  const wakes = { ...completeHarness, receive: { ...completeHarness.receive!, onlyWakes: true as const } };
  const about = checks.filter(({ name }) => /every event of a batch|keys of their own|unreadable|serves/.test(name));
  expect(about).toHaveLength(4);
  for (const check of about) await expect(check.run(complete, wakes)).rejects.toBeInstanceOf(BrokenPromise);
  for (const check of checks.filter(({ name }) => name.startsWith('verify'))) await check.run(complete, wakes);
});

test('unpack is always given the settings of the endpoint', async () => {
  const receive = completeHarness.receive!;
  const given: unknown[] = [];
  const unpack: Receive<unknown>['unpack'] = (delivery, settings) => {
    given.push(settings);
    return complete.receive!.unpack(delivery);
  };
  const asking = { ...complete, receive: { ...complete.receive!, unpack } };
  for (const check of checks.filter(({ name }) => name.startsWith('unpack'))) await check.run(asking, completeHarness);
  expect(given.length).toBeGreaterThan(50);
  expect(given).toEqual(given.map(() => complete.receive!.settings.parse(receive.settings)));
});

describe.each(checks)('the check "$name"', (check) => {
  test('lets the genuine adapter pass', async () => {
    // What stands at the hub itself cannot go out to a platform as well.
    const adapter = check.applies(here) && !check.applies(complete) ? here : complete;
    await check.run(adapter, completeHarness);
  });

  test.each((broken[check.name] ?? []).map((adapter, number) => ({ adapter, number })))(
    'catches broken adapter $number',
    async ({ adapter }) => {
      expect(check.applies(adapter)).toBe(true);
      await expect(check.run(adapter, completeHarness)).rejects.toBeInstanceOf(BrokenPromise);
    },
  );
});
