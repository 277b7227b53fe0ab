import { setImmediate as immediate } from 'node:timers/promises';

/** Hashing, copying or encrypting so many bytes takes about a millisecond. */
const LARGE = 512 * 1024;

/** After work on so many bytes, lets others have their turn: the same loop answers people. */
export async function turn(bytes: number): Promise<void> {
  if (bytes >= LARGE) await immediate();
}
