import type { Channel } from '../config/channel.ts';
import { localTime } from '../core/receipt.ts';
import { quietLimit, silentSince } from '../core/silence.ts';
import { channelStates } from '../store/channels.ts';
import { endSilence, rhythms, saveQuietLimits, setSilent } from '../store/rhythm.ts';
import { type FlowDeps, findChannel } from './deps.ts';

/** Learns each channel's own rhythm anew. */
export async function learnRhythms(deps: FlowDeps): Promise<void> {
  const found = await rhythms(deps.db);
  await saveQuietLimits(
    deps.db,
    found.map(({ channelId, ...rhythm }) => ({ channelId, ms: quietLimit(rhythm) })),
  );
}

/** Channels that are unusually quiet, and those that are so no more. A channel that does not work is not judged. */
export async function judgeSilence(deps: FlowDeps): Promise<void> {
  const now = deps.clock.now();
  for (const state of await channelStates(deps.db)) {
    const channel = findChannel(deps.config, state.channel_id);
    if (!channel) continue;
    const seen = { lastItemAt: state.last_item_at, quietMs: state.quiet_ms };
    const since = silentSince(seen, expectedOf(channel), now);
    if (since && state.health === 'ok') {
      const reason = `Tidak ada yang masuk sejak ${localTime(since, deps.config.hub.site.timezone)}, lebih lama daripada biasanya.`;
      if (await setSilent(deps.db, channel.id, since, reason))
        deps.log.warn({ channel: channel.id, since }, 'channel: unusually quiet');
    }
    if (!since && state.health === 'silent' && (await endSilence(deps.db, channel.id, now)))
      deps.log.info({ channel: channel.id }, 'channel: well again');
  }
}

/** What people enter by hand comes when they have time for it. */
const expectedOf = ({ mode, poll, expect }: Channel): Channel['expect'] =>
  expect ?? (mode === 'assisted' && poll === null ? false : undefined);
