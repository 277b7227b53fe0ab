import { z } from 'zod';

/** States of a complaint. `new` and `not_complaint` come before the register proper. */
export const STATES = [
  'new', 'not_complaint', 'received', 'incomplete', 'verified', 'dispatched', 'in_progress', 'awaiting_approval',
  'answered', 'closed', 'rejected', 'out_of_scope', 'withdrawn', 'duplicate',
] as const; // biome-ignore format: one glance
export type State = (typeof STATES)[number];
export const state = z.enum(STATES);
