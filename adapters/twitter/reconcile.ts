import type { Finding, Reply } from '#contract';
import { type Fields, fieldsOf, idOf, listOf, textOf } from '../_meta/json.ts';
import { absentAfter, lookUp } from '../_meta/match.ts';
import { type Ask, x } from './call.ts';
import { bookReads } from './cost.ts';
import { idAt } from './ids.ts';
import { aboveOf, markOf, participantOf, permalinkOf } from './publish.ts';
import type { Context } from './settings.ts';

const WHAT = 'Mencari balasan';
const MOST_PAGES = 10;
/** Clocks differ. */
const SLACK_MS = 120_000;

/**
 * Reads what our account has written since the first try: the same post or person answered, and our mark in the text. Not the
 * whole text, since X changes addresses and some signs. It shows new posts a moment late, so not seen counts only later.
 */
export const reconcile = (reply: Reply, ctx: Context): Promise<Finding> => lookUp(() => look(reply, ctx));

async function look(reply: Reply, ctx: Context): Promise<Finding> {
  const isDm = reply.target.surface === 'message';
  const mark = markOf(reply);
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await x(ctx, isDm ? dmAsk(reply, token) : postAsk(reply, token, ctx));
    const rows = listOf(answer.data).map(fieldsOf);
    const price = isDm ? ctx.settings.cost.prices.dmRead : ctx.settings.cost.prices.ownedRead;
    await bookReads(
      ctx,
      rows.map(({ id }) => ({ id: idOf(id) ?? '', price })),
    );
    const found = rows.find((row) => wordsOf(row).includes(mark) && (isDm ? isOurs(row, ctx) : hangsBelow(row, reply)));
    const id = idOf(found?.id);
    if (id) return { found: { publishedId: id, ...(!isDm && { permalink: permalinkOf(ctx, id) }) } };
    token = textOf(fieldsOf(answer.meta).next_token);
    if (!token) return isList(answer) ? absentAfter(reply, ctx.now(), ctx.settings.lookFor) : 'unknown';
  }
  return 'unknown';
}

const isList = ({ data, meta }: Fields): boolean => data !== undefined || meta !== undefined;

function postAsk(reply: Reply, token: string | undefined, { channel }: Context): Ask {
  const query = {
    ...{ since_id: idAt(reply.firstAttemptAt.getTime() - SLACK_MS), max_results: 100, pagination_token: token },
    'tweet.fields': 'created_at,conversation_id,referenced_tweets,entities,note_tweet',
  };
  return { what: WHAT, path: 'users/:id/tweets', params: { id: channel.account }, query };
}

function dmAsk(reply: Reply, token: string | undefined): Ask {
  const query = { max_results: 100, pagination_token: token, 'dm_event.fields': 'id,text,sender_id,created_at' };
  const params = { participant: participantOf(reply) };
  return { what: WHAT, path: 'dm_conversations/with/:participant/dm_events', params, query };
}

const wordsOf = (row: Fields): string => `${textOf(row.text) ?? ''}\n${textOf(fieldsOf(row.note_tweet).text) ?? ''}`;
const isOurs = ({ sender_id }: Fields, { channel }: Context): boolean => idOf(sender_id) === channel.account;

function hangsBelow(row: Fields, reply: Reply): boolean {
  const above = aboveOf(reply);
  const refers = listOf(row.referenced_tweets ?? row.referenced_posts).map(fieldsOf);
  return refers.some(({ type, id }) => type === 'replied_to' && idOf(id) === above);
}
