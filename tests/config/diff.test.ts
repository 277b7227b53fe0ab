import { expect, it } from 'vitest';
import { canonical } from '../../src/config/canonical.ts';
import { diffSnapshots } from '../../src/config/diff.ts';

it('names each change by its path, lists by the ids of their entries', () => {
  const old = { channels: { lapor: { poll: { every: '10m' } } }, agencies: [{ id: 'a', name: 'A' }], words: ['x'] };
  const now = {
    channels: { lapor: { poll: { every: '5m' } } },
    agencies: [{ id: 'b' }, { id: 'a', name: 'A' }],
    words: ['x', 'y'],
    on: true,
  };
  expect(diffSnapshots(old, now)).toEqual([
    'agencies.b.id: (-) -> b',
    'channels.lapor.poll.every: 10m -> 5m',
    'on: (-) -> true',
    'words: ["x"] -> ["x","y"]',
  ]);
  expect(diffSnapshots(now, now)).toEqual([]);
  expect(diffSnapshots(undefined, { a: 1 })).toEqual(['a: (-) -> 1']);
  expect(diffSnapshots({ a: 1, b: null }, {})).toEqual(['a: 1 -> (-)', 'b: null -> (-)']);
});

it('does not depend on the order of keys', () => {
  expect(JSON.stringify(canonical({ b: [{ d: 1, c: 2 }], a: undefined }))).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
});
