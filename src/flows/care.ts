import { type AnyAdapter, type Care, ChannelError, type Health, parseDuration } from '#contract';
import type { Channel } from '../config/load.ts';
import { claimCare, saveCare } from '../store/care.ts';
import { clearHold } from '../store/channelState.ts';
import { appendEvents } from '../store/events.ts';
import { channelContext } from './context.ts';
import type { FlowDeps } from './deps.ts';
import { recordCheck, recordFailure } from './health.ts';

const LIMIT_MS = 60_000;
/** Once credentials are dead, new ones are noticed within this time. */
const DEAD_EVERY_MS = 45_000;

/** Looks after the accounts of all channels again and again, in every worker; a row decides who does it. */
export function startCare(deps: FlowDeps, every: number): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const tick = () => {
    running = careForChannels(deps)
      .catch((error: Error) => deps.log.warn({ error: error.message }, 'care: interrupted, comes again'))
      .then(() => {
        if (!deps.signal.aborted) timer = setTimeout(tick, every);
      });
  };
  tick();
  return async () => {
    clearTimeout(timer);
    await running;
  };
}

/** Looks after every channel that is due, one after the other. */
export async function careForChannels(deps: FlowDeps): Promise<void> {
  for (const channel of deps.config.channels) {
    // Where people do everything by hand there is no account to look after.
    const used = channel.enabled && (channel.mode === 'automatic' || channel.poll !== null);
    const adapter = used ? deps.adapters[channel.adapter] : undefined;
    const care = adapter?.care ?? dailyProbe(adapter);
    if (!care || deps.signal.aborted) continue;
    const every = parseDuration(care.every);
    // A server may lock out whoever logs in with a dead password again and again: a probe stays daily.
    const whenDead = adapter?.care ? Math.min(every, DEAD_EVERY_MS) : every;
    const due = await claimCare(deps.db, channel.id, { every, whenDead });
    if (due) await careFor(deps, channel, care, due.wasDead);
  }
}

/** An account that needs no care is looked at once a day. */
const dailyProbe = (adapter: AnyAdapter | undefined): Care<unknown> | undefined =>
  adapter?.probe && { every: '1d', run: adapter.probe };

async function careFor(deps: FlowDeps, channel: Channel, care: Care<unknown>, wasDead: boolean): Promise<void> {
  try {
    const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(LIMIT_MS)]);
    await note(deps, channel, await care.run(channelContext(deps, channel, { signal })));
    if (wasDead) await goOn(deps, channel);
    await recordCheck(deps, channel.id);
  } catch (error) {
    // That the platform does not know us, or what we asked, is no trouble of the account.
    if (error instanceof ChannelError && error.kind === 'refused')
      deps.log.warn({ channel: channel.id, reason: deps.scrub(error.message) }, 'care: refused');
    else await recordFailure(deps, channel.id, error);
  }
}

type WithEnds = { [key in 'expiresAt' | 'certificateExpiresAt']?: Date | null } & Pick<Health, 'warnings'>;

/** What is new since last time goes into the trail, once. */
async function note(
  deps: FlowDeps,
  channel: Channel,
  { expiresAt = null, certificateExpiresAt = null, warnings = [] }: WithEnds,
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const before = await saveCare(tx, channel.id, { expiresAt, certificateExpiresAt, warnings });
    const fresh = warnings.filter((one) => !before.includes(one));
    const data = { channelId: channel.id, warnings: fresh.length };
    const event = { complaintId: null, actor: `channel:${channel.id}`, type: 'channel.warning', data };
    if (fresh.length > 0) await appendEvents(tx, [{ ...event, reason: fresh.join('\n') }], deps.clock.now());
  });
}

/** The credentials work again: what waited goes on at once. */
async function goOn(deps: FlowDeps, channel: Channel): Promise<void> {
  await clearHold(deps.db, channel.id);
  for (const stage of ['publish', 'reconcile', 'normalise', 'poll'] as const) void deps.wake(stage, channel.id);
}
