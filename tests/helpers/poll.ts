import { sql } from 'kysely';
import type { FlowDeps } from '../../src/flows/deps.ts';
import { poll } from '../../src/flows/poll.ts';
import { eventually } from './eventually.ts';

/**
 * Polls, and is sure that it was read: while the workers' own poll holds the lease another one is none, and what that one
 * had read before may be too old.
 */
export async function pollSurely(deps: FlowDeps, channelId: string): Promise<void> {
  const state = async () => {
    const { rows } = await sql<{ free: boolean; polled: Date | null; now: Date }>`
      select poll_owner is null as free, polled_at as polled, now() from channel_state where channel_id = ${channelId}`.execute(
      deps.db,
    );
    return rows[0]!;
  };
  const since = await eventually(async () => {
    const { free, now } = await state();
    if (!free) throw new Error('somebody else polls');
    return now;
  });
  await eventually(async () => {
    await poll(deps, channelId);
    const { polled } = await state();
    if (!polled || polled < since) throw new Error('not polled yet');
  });
}
