import { expect, it } from 'vitest';
import { ownerOf } from '../../src/core/family.ts';

const parent = { id: 'p', channel_id: 'wa', thread_id: 'siti', merged_into: null };
const budi = { id: 'b', channel_id: 'wa', thread_id: 'budi', merged_into: 'p' };
const twin = { id: 't', channel_id: 'wa', thread_id: 'siti', merged_into: 'p' };
const at = (complaint_id: string, thread_id: string, channel_id = 'wa') => ({ complaint_id, channel_id, thread_id });

it('a message belongs to whose thread it stands in, also when it joined the complaint that took theirs in', () => {
  const family = [parent, budi, twin];
  expect(ownerOf(family, at('b', 'budi'))).toBe(budi);
  expect(ownerOf(family, at('p', 'budi'))).toBe(budi);
  expect(ownerOf(family, at('p', 'budi', 'fb'))).toBe(parent);
  expect(ownerOf(family, at('p', 'lain'))).toBe(parent);
  // Two complaints of one chat: what stands in the parent is the parent's.
  expect(ownerOf(family, at('p', 'siti'))).toBe(parent);
  expect(ownerOf(family, at('t', 'siti'))).toBe(twin);
  expect(ownerOf(family, at('x', 'lain'))).toBeUndefined();
});
