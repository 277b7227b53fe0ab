import { type Answer, json } from '../app/respond.ts';
import type { Faults } from '../meta/faults.ts';
import type { Access } from './access.ts';
import type { Bill, Limits } from './bill.ts';
import type { Courier } from './courier.ts';
import type { XSettings } from './options.ts';
import type { Post, World } from './world.ts';

export interface Parts {
  settings: XSettings;
  world: World;
  access: Access;
  bill: Bill;
  limits: Limits;
  faults: Faults;
  courier: Courier;
  uploads: Map<string, { wanted: number; got: number; looks: number }>;
}

/** A problem document as X writes it. */
export function failure(status: number, name: string, detail: string, headers: Record<string, string> = {}): Answer {
  const type = /^[a-z-]+$/.test(name) ? `https://api.x.com/2/problems/${name}` : 'about:blank';
  return json(status, { title: name, detail, type, status }, headers);
}

export const missing = (id: string) => ({
  ...{ value: id, resource_id: id, resource_type: 'tweet', parameter: 'ids', title: 'Not Found Error' },
  type: 'https://api.x.com/2/problems/resource-not-found',
});

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function postJson(post: Post) {
  const { id, author, text, at, conversation, replyTo, repliesTo, quotes, chain, mentions, media, note } = post;
  const refers = [
    ...(replyTo ? [{ type: 'replied_to', id: replyTo }] : []),
    ...(quotes ? [{ type: 'quoted', id: quotes }] : []),
  ];
  const entities = { mentions: mentions.map((one) => ({ start: 0, end: 0, id: one })) };
  return {
    ...{ id, author_id: author, conversation_id: conversation, created_at: new Date(at).toISOString(), lang: 'in' },
    ...{ text: escaped(note ? text.slice(0, 270) : text), edit_history_tweet_ids: chain, entities },
    ...(note && { note_tweet: { text: escaped(note), entities } }),
    ...(refers.length > 0 && { referenced_tweets: refers }),
    ...(repliesTo && { in_reply_to_user_id: repliesTo }),
    ...(media.length > 0 && { attachments: { media_keys: media } }),
  };
}
