import { ChannelError, type Finding, type Published, type Reply, type ReplyTarget } from '#contract';
import { personOf } from './chat.ts';
import type { ErrorTable } from './errors.ts';
import { type Context, dataOf, graph, provenId } from './graph.ts';
import { fieldsOf } from './json.ts';
import { findOurs, type Looked, lookedAt } from './match.ts';

export interface Outgoing {
  reply: Reply;
  /** Such as `/104000000000001/messages`. */
  path: string;
  /** The feature "Human Agent" is approved. */
  tagged: boolean;
  /** Does the echo bring back our key? */
  metadata: boolean;
  table?: ErrorTable;
}

const WHAT = 'Mengirim pesan';
/** A little before 24 hours: the message travels, and clocks differ. */
const USUAL_MS = 23.75 * 3_600_000;

/** One text message into a chat of Messenger or Instagram. */
export async function sendChat(ctx: Context, { reply, path, tagged, metadata, table }: Outgoing): Promise<Published> {
  if (fieldsOf(reply.target.ref).standby === true) throw elsewhere();
  const answer = await graph(ctx, {
    what: WHAT,
    method: 'POST',
    path,
    json: {
      recipient: { id: personOf(reply.target) },
      ...(tagged && isLate(reply.target, ctx.now()) ? HUMAN : { messaging_type: 'RESPONSE' }),
      message: { text: reply.text, ...(metadata && { metadata: reply.key }) },
    },
    ...(table && { table }),
  });
  return { publishedId: provenId(answer, WHAT, 'message_id') };
}

const elsewhere = () =>
  new ChannelError(
    'refused',
    `${WHAT}: percakapan ini sedang ditangani aplikasi lain. Jawab di sana, atau ambil alih dulu`,
    {
      reason: 'forbidden',
      code: 'standby',
    },
  );

/** A person has written it: that is what this tag promises (Meta, "Messenger Platform: policy"). */
const HUMAN = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' };

const isLate = ({ ref }: ReplyTarget, now: Date): boolean =>
  now.getTime() - Date.parse(String(fieldsOf(ref).at)) > USUAL_MS;

export interface Looking {
  reply: Reply;
  person: string;
  platform: 'messenger' | 'instagram';
  /** Such as `/104000000000001/conversations`. */
  path: string;
  own?: { id?: string; username?: string };
}

const LOOK = 'Mencari pesan';
const READABLE = 20;

/** Among the newest messages of the chat; older ones cannot be read. `undefined`: surely not among what we would see. */
export async function findInChat(
  ctx: Context,
  { reply, person, platform, path, own }: Looking,
): Promise<Finding | undefined> {
  const list = await graph(ctx, { what: LOOK, path, query: { platform, user_id: person, fields: 'id' } });
  const [chat] = dataOf(list, LOOK);
  if (!chat) return 'unknown';
  const fields = `messages.limit(${READABLE}){id,created_time,from,message}`;
  const answer = await graph(ctx, { what: LOOK, path: `/${encodeURIComponent(String(chat.id))}`, query: { fields } });
  const looked = dataOf(fieldsOf(answer.messages), LOOK).map((one) =>
    lookedAt(one, own ?? { id: ctx.channel.account }),
  );
  return findOurs(reply, reply.text, looked) ?? (reachesBack(reply, looked) ? undefined : 'unknown');
}

/** Ours would be among them: they are all there are, or the oldest is older than our first try. */
const reachesBack = (reply: Reply, looked: readonly Looked[]): boolean =>
  looked.length < READABLE || looked.some((one) => one.at < reply.firstAttemptAt.getTime());
