import { expect, it } from 'vitest';
import { mustHaveHappened } from '../../src/core/happened.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const after = (ms: number) => () => mustHaveHappened('receivedAt', new Date(NOW.getTime() + ms), NOW);

it('believes what is past, or ahead by as much as clocks differ', () => {
  expect(after(-86_400_000)).not.toThrow();
  expect(after(5 * 60_000)).not.toThrow();
  expect(after(5 * 60_000 + 1)).toThrow('"receivedAt" lies in the future (2026-11-24T08:05:00.001Z');
  expect(() => mustHaveHappened('receivedAt', undefined, NOW)).not.toThrow();
});
