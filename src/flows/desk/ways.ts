import { isPublic, rulesOf } from '#contract';
import { placeOn } from '../../config/channel.ts';
import { windowEnd } from '../../core/answer.ts';
import type { Fault, Way } from '../../core/refusal.ts';
import type { ComplaintRow } from '../../store/complaints.ts';
import { messagesById } from '../../store/messages.ts';
import { answeredPrivately } from '../../store/publications.ts';
import { type Candidate, reachable } from '../../store/windows.ts';
import type { Desk } from './desk.ts';
import { reachingChannels, reachOn } from './reach.ts';

const CLOSED: ReadonlySet<string> = new Set(['window', 'unsupported', 'privately_used', 'gone']);

/** Where an answer cannot go any more, the ways that remain are named with it. */
export async function withWays(desk: Desk, complaint: ComplaintRow, faults: readonly Fault[]): Promise<Fault[]> {
  if (!faults.some(({ code }) => CLOSED.has(code))) return [...faults];
  const ways = await waysFor(desk, complaint);
  const words =
    ways.length > 0 ? ` Yang masih dapat: ${[...new Set(ways.map((way) => wordsOf(desk, way)))].join('; ')}.` : '';
  return faults.map((fault) =>
    CLOSED.has(fault.code) ? { ...fault, message: `${fault.message}${words}`, ways } : fault,
  );
}

/** What stands in public can still be answered there, or in private; a chat while its window is open. */
async function waysFor(desk: Desk, complaint: ComplaintRow): Promise<Way[]> {
  const candidates = await reachable(desk.tx, desk.actor, [complaint.id]);
  const ways = await Promise.all(candidates.map((one) => waysAt(desk, complaint, one)));
  return [...ways.flat(), ...(await waysElsewhere(desk, candidates))];
}

/** By the number or address that they left, on channels that can write first. */
async function waysElsewhere({ deps, tx }: Desk, candidates: readonly Candidate[]): Promise<Way[]> {
  const channels = reachingChannels(deps);
  if (channels.length === 0) return [];
  const messages = await messagesById(
    tx,
    candidates.map(({ id }) => id),
  );
  return messages.flatMap((message) =>
    channels.flatMap(({ id: channel }) =>
      channel !== message.channel_id && reachOn(deps, channel, message)
        ? [{ kind: 'reach' as const, channel, complaintId: message.complaint_id, messageId: message.id }]
        : [],
    ),
  );
}

async function waysAt(desk: Desk, complaint: ComplaintRow, one: Candidate): Promise<Way[]> {
  const about = { channel: one.channel_id, complaintId: one.complaint_id, messageId: one.id };
  const open = isOpen(desk, one, false);
  if (!isPublic(one.surface)) return open ? [{ kind: 'message', ...about }] : [];
  const publicly: Way[] = open && !complaint.secret ? [{ kind: 'public_reply', ...about }] : [];
  const privately = isOpen(desk, one, true) && !(await answeredPrivately(desk.tx, one.id));
  return privately ? [...publicly, { kind: 'private_reply', ...about }] : publicly;
}

function isOpen(
  { deps, at }: Desk,
  { surface, channel_id, adapter, at: written }: Candidate,
  privately: boolean,
): boolean {
  const channel = deps.config.channels.find(({ id, enabled }) => id === channel_id && enabled);
  const rules = channel && rulesOf(deps.adapters[adapter], placeOn(channel, { surface, privately }));
  if (!rules?.surfaces.includes(surface)) return false;
  const until = windowEnd(rules, surface, written);
  return !until || until > at || rules.afterWindow !== undefined;
}

const KINDS = {
  public_reply: 'jawaban publik',
  private_reply: 'balasan pribadi',
  message: 'pesan',
  reach: 'kirim',
} as const;

function wordsOf({ deps }: Desk, { kind, channel }: Way): string {
  return `${KINDS[kind]} ${kind === 'reach' ? 'lewat' : 'di'} ${deps.config.channels.find(({ id }) => id === channel)?.label ?? channel}`;
}
