import { ChannelError, type Finding, type Published, type Reply, type ReplyTarget } from '#contract';
import { fieldsOf, idOf, textOf } from '../_meta/json.ts';
import { absentAfter, findOurs, type Looked, lookUp, tooLong } from '../_meta/match.ts';
import { itemsOf, topOf, youtube } from './api.ts';
import { mindReplies, REPLY_UNITS } from './quota.ts';
import type { Context, Settings } from './settings.ts';

const WHAT = 'Membalas komentar';
const MOST_CHARS = 10_000;
const MOST_PAGES = 10;

export const publish = {
  maxChars: MOST_CHARS,
  surfaces: ['comment'] as const,
  rules: (_: string, { maxChars }: Settings) => ({ maxChars }),
  settleAfter: ({ lookFor }: Settings) => `${Math.min(10_000, lookFor)}ms`,
  idempotency: 'lookup' as const,
  send,
};

/** A reply stands below the first comment of its thread, also when it answers a reply there. */
const threadOf = ({ ref, objectId }: ReplyTarget): string => topOf(idOf(fieldsOf(ref).thread) ?? objectId);

async function send({ text, target }: Reply, ctx: Context): Promise<Published> {
  if (text.length > ctx.settings.maxChars) throw tooLong(WHAT);
  await mindReplies(ctx);
  const answer = await youtube(ctx, {
    ...{ what: WHAT, method: 'POST' as const, path: '/comments', query: { part: 'snippet' } },
    json: { snippet: { parentId: threadOf(target), textOriginal: text } },
    ...{ units: REPLY_UNITS, from: 'replies' as const },
  });
  const id = textOf(answer.id);
  if (!id) throw new ChannelError('retry', `${WHAT}: YouTube menjawab tanpa nomor yang membuktikannya`);
  return { publishedId: id };
}

/** Reads all replies of the thread: by our channel, with the same words, not older than the first try. */
export const reconcile = (reply: Reply, ctx: Context): Promise<Finding> => lookUp(() => look(reply, ctx));

async function look(reply: Reply, ctx: Context): Promise<Finding> {
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { part: 'id,snippet', parentId: threadOf(reply.target), textFormat: 'plainText', maxResults: 100 };
    const ask = { what: 'Mencari balasan', path: '/comments', from: 'replies' as const };
    const answer = await youtube(ctx, { ...ask, query: { ...query, pageToken: token } });
    const found = findOurs(
      reply,
      reply.text,
      itemsOf(answer, ask.what).map((one) => lookedAt(one, ctx)),
    );
    if (found) return found;
    token = textOf(answer.nextPageToken);
    if (!token) return absentAfter(reply, ctx.now(), ctx.settings.lookFor);
  }
  return 'unknown';
}

function lookedAt({ id, snippet }: ReturnType<typeof fieldsOf>, { channel }: Context): Looked {
  const { authorChannelId, textOriginal, textDisplay, publishedAt } = fieldsOf(snippet);
  const author = textOf(fieldsOf(authorChannelId).value);
  return {
    ours: author === undefined ? undefined : author === channel.account,
    id: textOf(id) ?? '',
    text: textOf(textOriginal) ?? textOf(textDisplay) ?? '',
    at: Date.parse(String(publishedAt)),
  };
}
