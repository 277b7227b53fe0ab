import type { RawItem } from '#contract';
import { type Fields, fieldsOf, idOf, textOf } from '../_meta/json.ts';
import { rawItem } from '../_meta/piece.ts';

/** What happened to a comment: it was written, it is gone, or it stands with this `status` now. */
export type Action = 'insert' | 'delete' | 'HIDDEN' | 'FRIENDS_ONLY' | 'PUBLIC';

/** A video, as much of it as is shown beside a comment. */
export interface About {
  caption?: string;
  url?: string;
}

/**
 * An event of a delivery. Of a new comment only its ids are sure, and nobody says whether it is our own: it is read at
 * TikTok before it counts.
 */
export function actionItem(account: string, action: Action, comment: Fields): RawItem {
  const id = idOf(comment.comment_id) ?? '';
  const time = idOf(comment.create_time) ?? '';
  const key = action === 'insert' ? ['comment', id, 'insert'] : ['comment', id, action, time];
  return { ...made(account, id ? key : null, { action, comment }), ...(action === 'insert' && { incomplete: true }) };
}

/** A comment as it was read. */
export const commentItem = (account: string, comment: Fields, video: About): RawItem =>
  made(account, ['comment', idOf(comment.comment_id) ?? '', 'insert'], { action: 'insert', comment, video });

/** It stands otherwise than it did. `at`: when that was seen, in ISO 8601; TikTok does not tell. */
export const statusItem = (account: string, comment: Fields, about: { status: string; at: string }): RawItem =>
  made(account, ['comment', idOf(comment.comment_id) ?? '', about.status, about.at], {
    action: about.status,
    comment,
    at: about.at,
  });

/** It is no longer there. */
export const goneItem = (account: string, id: string, about: { own: boolean; at: string }): RawItem =>
  made(account, ['comment', id, 'gone'], {
    action: 'delete',
    comment: { comment_id: id, owner: about.own },
    at: about.at,
  });

/** Where somebody else mentions the account: a video of theirs, or a comment below it. */
export function mentionItem(account: string, mention: Fields): RawItem {
  const id = idOf(mention.comment_id) ?? `video ${idOf(mention.item_id) ?? ''}`;
  return made(account, ['mention', id], { action: 'mention', mention });
}

/** A business message. */
export function messageEvent(account: string, event: string, content: Fields): RawItem {
  const id = idOf(content.message_id);
  return made(account, id ? ['message', id] : null, { action: 'message', event, content: exact(content) });
}

const made = (account: string, key: string[] | null, raw: Fields): RawItem => rawItem('tiktok', { account, key, raw });

const exact = (content: Fields): Fields => ({
  ...content,
  ...{ message_id: idOf(content.message_id), conversation_id: idOf(content.conversation_id) },
  from_user: { ...fieldsOf(content.from_user), id: idOf(fieldsOf(content.from_user).id) },
  text: { body: textOf(fieldsOf(content.text).body) },
});
