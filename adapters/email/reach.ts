import type { AnyAdapter } from '#contract';
import { threadOf } from './ids.ts';

/** A first mail to somebody: its thread is theirs, so that the signed address in Reply-To brings their answer back. */
export const reach: NonNullable<AnyAdapter['reach']> = ({ email }) => {
  const address = email?.trim().toLowerCase();
  if (!address) return null;
  return { objectId: address, threadId: threadOf('', address), surface: 'mail' };
};
