import { expect, it } from 'vitest';
import { type Receipt, supersedes } from '../../src/core/receiptOrder.ts';

const at = (second: number) => `2026-11-24T01:00:0${second}.000Z`;
const receipt = (state: Receipt['state'], second: number): Receipt => ({ state, at: at(second) });

it.each<[Receipt, Receipt | null, boolean]>([
  [receipt('sent', 0), null, true],
  [receipt('read', 3), receipt('delivered', 2), true],
  [receipt('delivered', 3), receipt('read', 3), false],
  [receipt('sent', 5), receipt('read', 3), false],
  [receipt('delivered', 2), receipt('delivered', 1), true],
  [receipt('failed', 9), receipt('delivered', 1), false],
  [receipt('failed', 9), receipt('sent', 1), true],
  [receipt('delivered', 1), receipt('failed', 9), true],
  [receipt('visible', 5), receipt('rejected', 2), true],
  [receipt('rejected', 5), receipt('visible', 2), true],
  [receipt('rejected', 1), receipt('visible', 2), false],
  [receipt('removed', 5), receipt('read', 2), true],
  [receipt('delayed', 2), receipt('sent', 1), true],
  [receipt('delayed', 9), receipt('delivered', 1), false],
  [receipt('failed', 9), receipt('delayed', 1), true],
])('%o after %o: %s', (next, old, expected) => expect(supersedes(next, old)).toBe(expected));

it('ends the same, whatever comes first', () => {
  const all = [receipt('sent', 1), receipt('delivered', 2), receipt('read', 3)];
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const ends = orders.map(
    (order) => order.reduce<Receipt | null>((old, n) => (supersedes(all[n]!, old) ? all[n]! : old), null)?.state,
  );
  expect(new Set(ends)).toEqual(new Set(['read']));
});
