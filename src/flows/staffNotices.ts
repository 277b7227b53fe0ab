import { ChannelError, type NoticeKind } from '#contract';
import type { Channel } from '../config/load.ts';
import { type Actor, can, holdsRole } from '../core/access.ts';
import { newId } from '../store/database.ts';
import { publishingHeld } from '../store/outgoing.ts';
import { dueChoices, type News, type NoticeChoice, newsFor, takeChoice } from '../store/staff.ts';
import { grantsOf } from '../store/users.ts';
import { channelContext } from './context.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { recordFailure } from './health.ts';

const LIMIT_MS = 20_000;

/**
 * Tells members of staff, one by one, what is new for them since they were last told: at most one message of a kind in
 * each span of `policies.notices.every`. Told before sent: a notice may be lost, and never comes twice. A message holds a
 * count and a ticket number, and nothing of any reporter.
 */
export async function sendStaffNotices(deps: FlowDeps): Promise<void> {
  const { notices } = deps.config.hub.policies;
  const channel = notices && findChannel(deps.config, notices.channel);
  if (!channel || !deps.adapters[channel.adapter]?.notify) return;
  for (const choice of await dueChoices(deps.db, notices.every)) {
    if (deps.signal.aborted || (await publishingHeld(deps.db, channel.id)) !== null) return;
    // What the account cannot do now it cannot do for the next person either.
    if (!(await tell(deps, channel, choice))) return;
  }
}

/** False: the account is throttled, or its credentials are dead. */
async function tell(deps: FlowDeps, channel: Channel, choice: NoticeChoice): Promise<boolean> {
  const now = deps.clock.now();
  const news = await concerning(deps, choice);
  const [newest] = news;
  if (!newest || !(await takeChoice(deps.db, choice, now))) return true;
  const notice = {
    ...{ key: newId(), kind: choice.kind, count: news.length, ticketNo: newest.ticket_no },
    phone: deps.keyring.decrypt(choice.phone, PHONE).toString(),
    site: deps.config.hub.site.name,
  };
  try {
    const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(LIMIT_MS)]);
    const deadline = Date.now() + LIMIT_MS;
    await deps.adapters[channel.adapter]!.notify!(notice, channelContext(deps, channel, { signal, deadline }));
    return true;
  } catch (error) {
    return failed(deps, channel, { ...choice, told_at: now }, { error, since: choice.told_at });
  }
}

/** How the number of a member of staff is encrypted. */
export const PHONE = 'staff-phone';

/** What surely was not sent is told later. */
async function failed(
  deps: FlowDeps,
  channel: Channel,
  told: NoticeChoice,
  { error, since }: { error: unknown; since: Date },
): Promise<boolean> {
  const reason = await recordFailure(deps, channel.id, error);
  deps.log.warn({ user: told.user_id, kind: told.kind, reason }, 'notices: not sent');
  const later = error instanceof ChannelError && error.nothingSent && error.kind !== 'refused';
  if (later) await takeChoice(deps.db, told, since);
  return !(error instanceof ChannelError && (error.kind === 'throttled' || error.kind === 'auth'));
}

async function concerning(deps: FlowDeps, { user_id: userId, name, kind, told_at }: NoticeChoice): Promise<News[]> {
  const everything = { agencyId: null, unitId: null };
  const actor = { userId, name, grants: await grantsOf(deps.db, userId), keyScope: everything };
  const news = await newsFor(deps.db, actor, kind, told_at);
  return kind === 'new' ? news : news.filter((one) => concerns(deps, actor, kind, one));
}

/**
 * An answer concerns whoever may approve it; one whose time runs out also its author. What waits for a hand concerns
 * whoever may publish.
 */
function concerns(deps: FlowDeps, actor: Actor, kind: NoticeKind, { agency_id, unit_id, author_id }: News): boolean {
  if (kind === 'assist')
    return can(actor, 'publication', { agencyId: agency_id, unitId: unit_id, sensitive: false, sensitiveBy: null });
  if (author_id === actor.userId) return kind === 'deadline';
  const approval = deps.config.hub.agencies.find((agency) => agency.id === agency_id)?.approval;
  // What is on the sensitive hold was not read at all, unless this person put it there.
  const place = { agencyId: agency_id, unitId: unit_id, sensitive: false, sensitiveBy: null };
  return Boolean(approval?.required) && holdsRole(actor, approval!.by, place);
}
