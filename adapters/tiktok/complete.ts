import { ChannelError } from '#contract';
import { eventOf, type Fields, fieldsOf, idOf } from '../_meta/json.ts';
import { findComment, findReply } from './comments.ts';
import type { Context } from './settings.ts';

/** A comment that a delivery told of, as it stands: whose it is, and whether it is our own, only the list says. */
export async function complete(raw: string | Uint8Array, ctx: Context): Promise<string> {
  const event = eventOf(raw);
  const given = fieldsOf(event.comment);
  const [video, id, parent] = [given.video_id, given.comment_id, given.parent_comment_id].map(idOf);
  const found = video && id ? await find(ctx, video, id, parent) : undefined;
  if (!found) throw new ChannelError('refused', 'Membaca komentar: komentar itu tidak ada lagi', { reason: 'gone' });
  return JSON.stringify({ ...event, comment: { ...given, ...found } });
}

const find = (ctx: Context, video: string, id: string, parent: string | undefined): Promise<Fields | undefined> =>
  parent
    ? findReply(ctx, { video, comment: parent }, (one) => idOf(one.comment_id) === id)
    : findComment(ctx, video, id);
