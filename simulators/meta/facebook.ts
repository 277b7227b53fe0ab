import { needs } from './access.ts';
import { GraphFailure, gone, invalid } from './errors.ts';
import { pageEvent } from './events.ts';
import { type GraphCall, type GraphRoutes, graphTime, type Parts, text } from './parts.ts';
import { pageOf, rowsOf } from './reading.ts';
import type { Comment, Post } from './world.ts';

/** Posts and comments of a page, as far as the hub uses them. */
export const facebookRoutes: GraphRoutes = [
  ['GET', /^\/(\d+)\/(?:feed|published_posts)$/, (parts, call) => feed(parts, call, false)],
  ['GET', /^\/(\d+)\/tagged$/, (parts, call) => feed(parts, call, true)],
  ['GET', /^\/([\w-]+)\/comments$/, (parts, call) => comments(parts, call)],
  ['POST', /^\/([\w-]+)\/comments$/, (parts, call) => comment(parts, call)],
  ['POST', /^\/(\d+)\/photos$/, (parts, call) => photo(parts, call)],
  ['GET', /^\/([\w-]+)$/, (parts, call) => node(parts, call)],
  ['POST', /^\/([\w-]+)$/, (parts, call) => change(parts, call)],
];

function feed({ world, ...parts }: Parts, call: GraphCall, elsewhere: boolean) {
  needs(call.token, 'pages_read_engagement');
  const [account] = call.caught;
  const since = Number(call.fields.since ?? 0) * 1_000;
  const posts = [...world.posts.values()]
    .filter((one) => one.account === account && Boolean(one.elsewhere) === elsewhere && !one.removed && one.at >= since)
    .toReversed();
  return rowsOf(posts, call, (one) => postRow({ world, ...parts }, one));
}

const postRow = (parts: Parts, one: Post) => ({
  ...{ id: one.id, from: one.from, message: one.text, created_time: graphTime(one.at) },
  ...{ updated_time: graphTime(one.changedAt), permalink_url: `${parts.url()}/${one.id}`, is_hidden: false },
  ...(one.photo && {
    attachments: { data: [{ media_type: 'photo', media: { image: { src: cdn(parts, one.photo) } } }] },
  }),
});

export const cdn = (parts: Parts, name: string): string => `${parts.url()}/cdn/${name}`;

/** `toplevel` leaves replies out; `stream` gives all levels flat. */
function comments(parts: Parts, call: GraphCall) {
  needs(call.token, 'pages_read_user_content');
  const [id = ''] = call.caught;
  mustStand(parts, id);
  const all = parts.world.below(id);
  const flat = call.fields.filter === 'stream' || parts.world.comments.has(id);
  const shown = flat ? all : all.filter((one) => one.parent === undefined);
  const ordered = text(call.fields.order) === 'reverse_chronological' ? shown.toReversed() : shown;
  return rowsOf(ordered, call, (one) => commentRow(parts, one));
}

export const commentRow = (parts: Parts, one: Comment) => ({
  ...{ id: one.id, message: one.text, from: one.from, created_time: graphTime(one.at) },
  ...{ is_hidden: Boolean(one.hidden), can_comment: !one.closed, can_hide: true },
  can_reply_privately: !one.privateReply && Date.now() - one.at < 7 * 86_400_000,
  permalink_url: `${parts.url()}/${one.id}`,
  ...(one.parent && { parent: { id: one.parent } }),
  ...(one.photo && { attachment: { type: 'photo', media: { image: { src: cdn(parts, one.photo) } } } }),
});

function mustStand({ world }: Parts, id: string): Post | Comment {
  const found = world.comments.get(id) ?? world.posts.get(id);
  if (!found || found.removed) throw gone();
  return found;
}

/** A new comment below a post or a comment. Threads have two levels. */
function comment(parts: Parts, call: GraphCall) {
  const token = needs(call.token, 'pages_manage_engagement');
  const [id = ''] = call.caught;
  const target = mustStand(parts, id);
  const message = text(call.fields.message);
  const uploaded = parts.world.uploads.get(text(call.fields.attachment_id));
  if (message === '' && !uploaded) throw invalid('A comment needs a message or an attachment');
  if (message.length > 8_000) throw new GraphFailure(100, 2534037, { message: 'Too long' });
  if ('closed' in target && target.closed) throw invalid('Comments are closed');
  const post = 'post' in target ? target.post : target.id;
  const parent = 'post' in target ? (target.parent ?? target.id) : undefined;
  const made = parts.world.addComment({
    ...{ id: `${post.split('_').at(-1)}_${parts.world.nextId('33')}`, post, account: token.account, text: message },
    ...{
      from: pageOf(parts, token.account),
      at: Date.now(),
      ...(parent && { parent }),
      ...(uploaded && { photo: uploaded }),
    },
  });
  const about = {
    id: made.id,
    kind: 'comment' as const,
    account: token.account,
    target: id,
    text: message,
    at: made.at,
  };
  parts.world.land({ ...about, ...(uploaded && { photo: uploaded }) });
  parts.courier.add(pageEvent.comment(parts, made, 'add'));
  return { id: made.id };
}

function photo(parts: Parts, call: GraphCall) {
  needs(call.token, 'pages_manage_engagement');
  if (!call.file) throw new GraphFailure(100, 2018008, { message: 'No file came' });
  if (String(call.fields.published) !== 'false') throw invalid('The simulation takes unpublished photos only');
  const id = parts.world.nextId('55');
  parts.world.uploads.set(id, parts.world.keepFile(call.file.mime || 'image/jpeg', call.file.bytes));
  return { id };
}

function node(parts: Parts, call: GraphCall) {
  const [id = ''] = call.caught;
  const found = mustStand(parts, id);
  return 'post' in found ? commentRow(parts, found) : postRow(parts, found);
}

/** Hides a comment, or shows it again. A message sent here would change the comment: the hub must not. */
function change(parts: Parts, call: GraphCall) {
  const token = needs(call.token, 'pages_manage_engagement');
  const found = parts.world.comments.get(call.caught[0] ?? '');
  if (!found || found.removed) throw gone();
  if (call.fields.message !== undefined) {
    if (found.from.id !== token.account) throw new GraphFailure(200, undefined, { message: 'Not the author' });
    found.text = text(call.fields.message);
    return { success: true };
  }
  const hidden = String(call.fields.is_hidden ?? call.fields.hide) === 'true';
  if (Boolean(found.hidden) !== hidden) {
    found.hidden = hidden;
    parts.world.touch(found.post);
    parts.courier.add(pageEvent.comment(parts, found, hidden ? 'hide' : 'unhide'));
  }
  return { success: true };
}
