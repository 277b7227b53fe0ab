import { shrink } from './shrink.ts';

/** What a child is asked, and what it answers; `null`: no picture that it could read. */
export interface Asked {
  id: number;
  bytes: Uint8Array;
}
export interface Answered {
  id: number;
  bytes: Uint8Array | null;
}

process.on('message', async ({ id, bytes }: Asked) => {
  const shrunk = await shrink(bytes).catch(() => null);
  process.send?.({ id, bytes: shrunk } satisfies Answered);
});
// The hub is gone: nobody waits any more.
process.on('disconnect', () => process.exit());
