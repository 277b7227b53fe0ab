import { describe, test } from 'vitest';
import { type AnyAdapter, abilities } from '#contract';
import { checks } from './checks/index.ts';
import type { Harness } from './harness.ts';

/**
 * The conformance kit: every adapter's own test calls this. Which checks apply follows from the adapter's keys.
 * `harness` gives what the kit cannot know; see docs/adapters.md.
 */
export function describeAdapter(adapter: AnyAdapter, harness: Harness): void {
  describe(`adapter ${adapter.name} (${harness.variant ?? abilities(adapter).join(', ')})`, () => {
    test.each(checks.filter((check) => check.applies(adapter)))('$name', async (check) => {
      await check.run(adapter, harness);
    });
  });
}

export type { Check } from './checks/check.ts';
export { checks } from './checks/index.ts';
export * from './harness.ts';
export type { Fault, Handler, Wire, WireAnswer, WireRequest } from './wire.ts';
