import type { AnyAdapter } from '#contract';
import type { Recipient } from '../config/hub.ts';
import { type Alarm, alarmsOf, type ChannelFacts } from '../core/alarms.ts';
import { HEALTH_LABELS } from '../core/labels.ts';
import { endAlarm, openAlarms, raiseAlarm } from '../store/alarms.ts';
import { channelStates } from '../store/channels.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/events.ts';
import type { ChannelState } from '../store/schema.ts';
import type { FlowDeps } from './deps.ts';

/** The name of a recipient in the record; never a secret. */
export function recipientName(one: Recipient): string {
  if ('email' in one) return `email ${one.email}`;
  if ('whatsapp' in one) return `whatsapp ${one.whatsapp}`;
  return 'sms' in one ? `sms ${one.sms}` : `webhook ${new URL(one.webhook).host}`;
}

/** Compares what is wrong now with what was said, raises what is new and ends what is over. */
export async function raiseAlarms(deps: FlowDeps, own: readonly ChannelFacts[] = []): Promise<void> {
  const { alarms: policy } = deps.config.hub.policies;
  const now = deps.clock.now();
  const facts = [...(await channelStates(deps.db)).flatMap((state) => factsOf(deps, state)), ...own];
  const wanted = new Map(alarmsOf(facts, now, policy.degradedAfter).map((alarm) => [alarm.key, alarm]));
  const open = await openAlarms(deps.db);
  const known = new Set(open.map(({ key }) => key));
  const recipients = policy.tell.map(recipientName);
  await deps.db.transaction().execute(async (tx) => {
    for (const alarm of wanted.values())
      if (!known.has(alarm.key) && (await raiseAlarm(tx, alarm, recipients))) await note(deps, tx, 'raised', alarm);
    for (const alarm of open)
      if (!wanted.has(alarm.key)) {
        // What the office's own line kept from being told is told afterwards, once.
        await endAlarm(tx, alarm.id, now, alarm.kind === 'offline');
        await note(deps, tx, 'ended', alarm);
      }
  });
}

async function note(
  deps: FlowDeps,
  tx: Tx,
  news: 'raised' | 'ended',
  { channelId, kind, since }: Alarm,
): Promise<void> {
  const event = {
    ...{ complaintId: null, actor: channelId ? `channel:${channelId}` : 'hub', type: `alarm.${news}` },
    data: { channelId, kind, since: since.toISOString() },
  };
  await appendEvents(tx, [event], deps.clock.now());
  deps.log.warn({ channel: channelId, kind }, `alarm: ${news}`);
}

/** Channels that are switched off or no longer configured are nobody's trouble. */
function factsOf({ config, adapters }: FlowDeps, state: ChannelState): ChannelFacts[] {
  const channel = config.channels.find((one) => one.id === state.channel_id && one.enabled);
  const broken = config.broken.some((one) => one.id === state.channel_id);
  if (!channel && !broken) return [];
  const adapter: AnyAdapter | undefined = channel && adapters[channel.adapter];
  return [
    {
      ...{ id: state.channel_id, label: channel?.label ?? state.channel_id, state: state.health },
      ...{ since: state.health_since, evidence: state.health_reason, unreachable: state.unreachable },
      workedAt: state.poll_error === null ? state.polled_at : null,
      expiresAt: state.credentials_expire_at,
      certificateExpiresAt: state.certificate_expires_at,
      connects: adapter?.connect !== undefined,
    },
  ];
}

const KINDS: Readonly<Record<string, string>> = {
  ...HEALTH_LABELS,
  offline: 'Internet kantor tampaknya putus',
  expiry: 'Akses akan berakhir',
  certificate: 'Sertifikat akan berakhir',
};
export const kindLabel = (kind: string): string => KINDS[kind] ?? kind;
