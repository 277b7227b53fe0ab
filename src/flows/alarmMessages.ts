import { createHmac } from 'node:crypto';
import { ChannelError } from '#contract';
import type { Recipient } from '../config/hub.ts';
import { backoff } from '../core/afterSend.ts';
import { localTime } from '../core/receipt.ts';
import { createHttp } from '../platform/http.ts';
import { claimMessages, type DueMessage, postponeMessage, settleMessage } from '../store/alarms.ts';
import { kindLabel, recipientName } from './alarms.ts';
import { channelContext } from './context.ts';
import { type FlowDeps, findChannel } from './deps.ts';

const LIMIT_MS = 45_000;
const MAX_TRIES = 12;

/** Tells people of alarms. What surely was not sent is tried again; what may have been sent is not sent twice. */
export async function tellAlarms(deps: FlowDeps): Promise<void> {
  for (const message of await claimMessages(deps.db, LIMIT_MS * 2)) {
    if (deps.signal.aborted) return;
    const recipient = deps.config.hub.policies.alarms.tell.find((one) => recipientName(one) === message.recipient);
    if (recipient) await tell(deps, message, recipient);
    else await settleMessage(deps.db, message, deps.clock.now(), 'tidak lagi tercantum di hub.yaml');
  }
}

async function tell(deps: FlowDeps, message: DueMessage, recipient: Recipient): Promise<void> {
  try {
    if ('webhook' in recipient) await post(deps, message, recipient);
    else await bring(deps, message, recipient);
    await settleMessage(deps.db, message, deps.clock.now(), null);
  } catch (error) {
    await failed(deps, message, error);
  }
}

async function failed(deps: FlowDeps, message: DueMessage, error: unknown): Promise<void> {
  const reason = deps.scrub((error as Error).message).slice(0, 500);
  const again = error instanceof ChannelError && error.kind !== 'refused' && error.nothingSent;
  deps.log.warn({ alarm: message.alarm_id, kind: message.kind, reason }, 'alarm: not told');
  if (again && message.tries < MAX_TRIES) await postponeMessage(deps.db, message, backoff(message.tries), reason);
  else await settleMessage(deps.db, message, deps.clock.now(), reason);
}

function addressOf(recipient: Exclude<Recipient, { webhook: string }>): string {
  if ('email' in recipient) return recipient.email;
  return 'sms' in recipient ? recipient.sms : recipient.whatsapp;
}

async function bring(
  deps: FlowDeps,
  message: DueMessage,
  recipient: Exclude<Recipient, { webhook: string }>,
): Promise<void> {
  const channel = findChannel(deps.config, recipient.channel);
  const alert = channel && deps.adapters[channel.adapter]?.alert;
  if (!channel || !alert) throw new ChannelError('refused', `kanal ${recipient.channel} tidak berjalan`);
  const to = addressOf(recipient);
  const limits = {
    signal: AbortSignal.any([deps.signal, AbortSignal.timeout(LIMIT_MS)]),
    deadline: Date.now() + LIMIT_MS,
  };
  await alert({ key: message.key, to, ...wordsOf(deps, message) }, channelContext(deps, channel, limits));
}

/** Signed as Standard Webhooks are: `webhook-signature: v1,` and the HMAC-SHA256 of `id.timestamp.body`. */
async function post(
  deps: FlowDeps,
  message: DueMessage,
  { webhook: url, secret }: Extract<Recipient, { webhook: string }>,
): Promise<void> {
  const { key: id, news, kind, channel_id: channel, since, ended_at: endedAt, evidence, advice } = message;
  const body = JSON.stringify({
    ...{ type: `alarm.${news}`, id: message.alarm_id, channel, kind, kindLabel: kindLabel(kind), evidence, advice },
    ...{ label: labelOf(deps, channel), since: since.toISOString(), endedAt: endedAt?.toISOString() ?? null },
  });
  const timestamp = String(Math.floor(deps.clock.now().getTime() / 1_000));
  const key = Buffer.from((await deps.secrets.get(secret)).replace(/^whsec_/, ''), 'base64');
  const proof = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    ...{ 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp },
    'webhook-signature': `v1,${proof}`,
  };
  const http = createHttp({ signal: deps.signal, scrub: deps.scrub });
  const { status } = await http({ method: 'POST', url, headers, bytes: Buffer.from(body), timeoutMs: LIMIT_MS });
  // The id lets the other side drop a second copy, so that trying again does no harm.
  if (status >= 300) throw new ChannelError('retry', `webhook menjawab ${status}`, { nothingSent: true });
}

const labelOf = ({ config }: FlowDeps, id: string | null): string =>
  config.channels.find((one) => one.id === id)?.label ?? id ?? 'Hub';

function wordsOf(deps: FlowDeps, message: DueMessage): { subject: string; text: string } {
  const { site } = deps.config.hub;
  const at = (when: Date) => localTime(when, site.timezone);
  const label = labelOf(deps, message.channel_id);
  const what = kindLabel(message.kind);
  const since = `Sejak ${at(message.since)}.`;
  if (message.news === 'ended') {
    const until = message.ended_at ? ` sampai ${at(message.ended_at)}` : '';
    return {
      subject: `[${site.name}] Selesai: ${label}, ${what.toLowerCase()}`,
      text: `${label}: sudah tidak lagi ${what.toLowerCase()}. Berlangsung dari ${at(message.since)}${until}.`,
    };
  }
  return {
    subject: `[${site.name}] ${label}: ${what}`,
    text: [`${label}: ${what}. ${since}`, message.evidence, message.advice && `Yang perlu dilakukan: ${message.advice}`]
      .filter(Boolean)
      .join('\n\n'),
  };
}
