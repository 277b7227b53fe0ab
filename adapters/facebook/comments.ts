import { ChannelError, type Finding, type Published, type Reply, type ReplyFile } from '#contract';
import { afterOf, dataOf, graph, provenId } from '../_meta/graph.ts';
import { fieldsOf } from '../_meta/json.ts';
import { findOurs, isBefore, lookedAt } from '../_meta/match.ts';
import type { Context } from './context.ts';

const REPLY = 'Membalas komentar';
const OLD_MS = 6 * 3_600_000;

/** A new comment below the node. Never a call to the node itself, which would change what stands there. */
export async function commentUnder(node: string, reply: Reply, ctx: Context): Promise<Published> {
  await mustBeOpen(node, reply, ctx);
  const [file] = reply.files;
  const attachment = file && (await uploadPhoto(file, ctx));
  const path = `/${encodeURIComponent(node)}/comments`;
  const json = { message: reply.text, ...(attachment && { attachment_id: attachment }) };
  const answer = await graph(ctx, { what: REPLY, method: 'POST', path, json });
  const publishedId = provenId(answer, REPLY, 'id');
  if (publishedId === node)
    throw new ChannelError('retry', `${REPLY}: Meta menjawab dengan nomor komentar yang dibalas`);
  return { publishedId, permalink: `${ctx.settings.webUrl}/${encodeURIComponent(publishedId)}` };
}

/** What was open some hours ago may be closed by now. */
async function mustBeOpen(node: string, { target }: Reply, ctx: Context): Promise<void> {
  const written = Date.parse(String(fieldsOf(target.ref).at));
  if (!(ctx.now().getTime() - written > OLD_MS)) return;
  const answer = await graph(ctx, {
    what: REPLY,
    path: `/${encodeURIComponent(node)}`,
    query: { fields: 'can_comment' },
  });
  if (answer.can_comment !== false) return;
  throw new ChannelError('refused', `${REPLY}: komentar di sini sudah ditutup`, {
    reason: 'forbidden',
    code: 'can_comment',
  });
}

/** As an unpublished photo: the picture needs no address of its own that everyone could open. */
async function uploadPhoto(file: ReplyFile, ctx: Context): Promise<string> {
  const what = 'Mengunggah foto';
  const answer = await graph(ctx, {
    what,
    method: 'POST',
    path: `/${ctx.channel.account}/photos`,
    parts: [
      { name: 'published', value: 'false' },
      { name: 'source', value: await file.bytes(), filename: file.name, mime: file.mime },
    ],
  });
  return provenId(answer, what, 'id');
}

const LOOK = 'Mencari balasan';
const MOST_PAGES = 20;

/** Newest first, until what stands there is older than our first try. `undefined`: surely not among them. */
export async function findComment(node: string, reply: Reply, ctx: Context): Promise<Finding | undefined> {
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await graph(ctx, {
      what: LOOK,
      path: `/${encodeURIComponent(node)}/comments`,
      query: { fields: 'id,message,from,created_time', order: 'reverse_chronological', limit: 50, after },
    });
    const looked = dataOf(answer, LOOK).map((one) => lookedAt(one, { id: ctx.channel.account }));
    const found = findOurs(reply, reply.text, looked);
    if (found) return found;
    after = afterOf(answer);
    if (after === undefined || isBefore(reply, looked)) return undefined;
  }
  return 'unknown';
}
