/**
 * What an adapter is. Read this folder first.
 *
 * The promises, in one place:
 * - The hub acknowledges a delivery after it is stored, never before; and moves a cursor together with the items.
 * - An adapter sends once and never retries. Queue, pace, retry and deadline are put around it.
 * - Nothing is published twice: a doubtful send is looked up, or goes to a person. Never a blind resend.
 */
export * from './adapter.ts';
export * from './complaint.ts';
export * from './connect.ts';
export * from './context.ts';
export * from './door.ts';
export * from './duration.ts';
export * from './error.ts';
export * from './item.ts';
export * from './reply.ts';
export * from './secret.ts';
export * from './state.ts';
