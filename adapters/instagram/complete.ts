import { ChannelError } from '#contract';
import { elsewhere, INSTAGRAM_ERRORS } from '../_meta/errors.ts';
import { type Fields, fieldsOf, idOf, parseJson } from '../_meta/json.ts';
import { ask, type Context, inFlavour } from './context.ts';

const WHAT = 'Membaca kiriman';
const COMMENT = 'id,text,timestamp,username,from,parent_id,media{id,permalink}';

/** A mention brings ids only, and the oldest form of a comment no author: both are read at the platform. */
export async function complete(raw: string | Uint8Array, given: Context): Promise<string> {
  const ctx = inFlavour(given);
  const event = fieldsOf(parseJson(typeof raw === 'string' ? raw : new TextDecoder().decode(raw)));
  const value = fieldsOf(event.value);
  const found = event.field === 'mentions' ? await readMention(ctx, value) : await readComment(ctx, value);
  return JSON.stringify({ ...event, value: { ...value, ...found } });
}

function readComment(ctx: Context, value: Fields): Promise<Fields> {
  const id = idOf(value.id) ?? idOf(value.comment_id) ?? '';
  return ask(ctx, { what: WHAT, path: `/${encodeURIComponent(id)}`, query: { fields: COMMENT } });
}

/** Somebody else's media: it is read as a field of our own account. */
async function readMention(ctx: Context, value: Fields): Promise<Fields> {
  const [comment, media] = [idOf(value.comment_id), idOf(value.media_id)];
  const fields = comment
    ? `mentioned_comment.comment_id(${comment}){id,text,timestamp,username,media{id,permalink,username}}`
    : `mentioned_media.media_id(${media}){id,caption,permalink,username,timestamp}`;
  const call = { what: WHAT, path: `/${ctx.channel.account}`, query: { fields }, table: elsewhere(INSTAGRAM_ERRORS) };
  const answer = await ask(ctx, call);
  const found = fieldsOf(comment ? answer.mentioned_comment : answer.mentioned_media);
  if (!idOf(found.id)) throw new ChannelError('refused', `${WHAT}: tidak terlihat oleh akun ini`, { reason: 'gone' });
  const { id: _, caption, ...rest } = found;
  return { ...rest, ...(caption !== undefined && { text: caption }) };
}
