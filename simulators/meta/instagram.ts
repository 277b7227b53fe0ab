import { needs } from './access.ts';
import { GraphFailure, gone, invalid } from './errors.ts';
import { instagramEvent } from './events.ts';
import { type GraphCall, type GraphRoutes, graphTime, type Parts, text } from './parts.ts';
import { instagramOf, rowsOf } from './reading.ts';
import type { Comment, Post } from './world.ts';

const MEDIA = '(18[1-9]\\d+)';
const COMMENT = '(180\\d+)';

/** Media and comments of an Instagram account with Facebook login. Numbers begin with 181 and 180. */
export const instagramRoutes: GraphRoutes = [
  ['GET', /^\/(\d+)\/media$/, (parts, call) => media(parts, call)],
  ['GET', /^\/(\d+)\/tags$/, (_, call) => rowsOf([], call, (one) => one)],
  ['GET', new RegExp(`^/${MEDIA}/comments$`), (parts, call) => comments(parts, call)],
  ['GET', new RegExp(`^/${COMMENT}/replies$`), (parts, call) => replies(parts, call)],
  ['POST', new RegExp(`^/${COMMENT}/replies$`), (parts, call) => reply(parts, call)],
  ['POST', /^\/(1784\d+)\/mentions$/, (parts, call) => answerMention(parts, call)],
  ['GET', new RegExp(`^/${COMMENT}$`), (parts, call) => row(parts, standing(parts, call.caught[0] ?? ''))],
  ['GET', /^\/(1784\d+)$/, (parts, call) => account(parts, call)],
  ['POST', new RegExp(`^/${COMMENT}$`), (parts, call) => hide(parts, call)],
];

function media({ world, ...parts }: Parts, call: GraphCall) {
  needs(call.token, 'instagram_basic');
  const own = [...world.posts.values()].filter((one) => one.account === call.caught[0] && !one.elsewhere).toReversed();
  return rowsOf(own, call, (one) => mediaRow({ world, ...parts }, one));
}

const mediaRow = (parts: Parts, one: Post) => ({
  ...{ id: one.id, caption: one.text, media_type: 'IMAGE', media_product_type: 'FEED', timestamp: graphTime(one.at) },
  ...{ permalink: `${parts.url()}/p/${one.id}`, username: one.from.username },
  comments_count: parts.world.below(one.id).length,
});

/** Newest first, top level only, the first replies with each. */
function comments(parts: Parts, call: GraphCall) {
  needs(call.token, 'instagram_manage_comments');
  const [id = ''] = call.caught;
  if (!parts.world.posts.has(id)) throw gone();
  const top = parts.world.below(id).filter((one) => one.parent === undefined);
  return rowsOf(top.toReversed(), call, (one) => ({
    ...row(parts, one),
    replies: { data: parts.world.below(one.id).map((answer) => row(parts, answer)) },
  }));
}

const row = (parts: Parts, one: Comment) => ({
  ...{
    id: one.id,
    text: one.text,
    timestamp: graphTime(one.at),
    username: one.from.username,
    hidden: Boolean(one.hidden),
  },
  from: { id: one.from.id, username: one.from.username },
  media: { id: one.post, permalink: `${parts.url()}/p/${one.post}` },
  ...(one.parent && { parent_id: one.parent }),
});

function standing({ world }: Parts, id: string): Comment {
  const found = world.comments.get(id);
  if (!found || found.removed) throw gone();
  return found;
}

function replies(parts: Parts, call: GraphCall) {
  const [id = ''] = call.caught;
  standing(parts, id);
  return rowsOf(parts.world.below(id), call, (one) => row(parts, one));
}

/** A reply always ends up below the top-level comment. */
function reply(parts: Parts, call: GraphCall) {
  const token = needs(call.token, 'instagram_manage_comments');
  const [id = ''] = call.caught;
  const target = standing(parts, id);
  if (target.hidden) throw invalid('The comment is hidden');
  if (call.fields.fields !== undefined) throw invalid('No fields here');
  const made = add(parts, token.account, {
    post: target.post,
    parent: target.parent ?? target.id,
    text: text(call.fields.message),
  });
  parts.world.land({ id: made.id, kind: 'comment', account: made.account, target: id, text: made.text, at: made.at });
  return { id: made.id };
}

function add(parts: Parts, page: string, about: { post: string; parent?: string; text: string }): Comment {
  if ([...about.text].length > 2_200 || about.text === '')
    throw new GraphFailure(100, 2534037, { message: 'Too long' });
  const own = instagramOf(parts, page);
  const made = parts.world.addComment({
    ...{ id: parts.world.nextId('180'), account: own.id, at: Date.now(), ...about },
    from: { id: own.id, name: own.name, username: own.username },
  });
  parts.courier.add(instagramEvent.comment(made));
  return made;
}

function answerMention(parts: Parts, call: GraphCall) {
  const token = needs(call.token, 'instagram_manage_comments');
  const post = parts.world.posts.get(text(call.fields.media_id));
  if (!post || post.removed) throw gone();
  const parent = text(call.fields.comment_id) || undefined;
  const made = add(parts, token.account, { post: post.id, text: text(call.fields.message), ...(parent && { parent }) });
  const target = parent ?? post.id;
  parts.world.land({ id: made.id, kind: 'mention', account: made.account, target, text: made.text, at: made.at });
  return { id: made.id };
}

/** `mentioned_comment` and `mentioned_media` are fields of our own account. */
function account(parts: Parts, { caught: [id = ''], fields }: GraphCall) {
  const own = instagramOf(parts, id);
  const wanted = text(fields.fields);
  const comment = /mentioned_comment\.comment_id\((\w+)\)/.exec(wanted)?.[1];
  if (comment) return { id, mentioned_comment: row(parts, standing(parts, comment)) };
  const mentioned = /mentioned_media\.media_id\((\w+)\)/.exec(wanted)?.[1];
  if (!mentioned) return { id, username: own.username };
  const post = parts.world.posts.get(mentioned);
  if (!post || post.removed) throw gone();
  return { id, mentioned_media: mediaRow(parts, post) };
}

function hide(parts: Parts, call: GraphCall) {
  needs(call.token, 'instagram_manage_comments');
  const found = standing(parts, call.caught[0] ?? '');
  found.hidden = String(call.fields.hide) === 'true';
  parts.world.touch(found.post);
  return { success: true };
}
