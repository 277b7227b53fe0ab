import type { Event } from './courier.ts';
import { graphTime, type Parts } from './parts.ts';
import type { Chat, ChatMessage, Comment, Post } from './world.ts';

const seconds = (at: number): number => Math.floor(at / 1_000);
const change = (object: Event['object'], entry: string, field: string, value: Record<string, unknown>): Event => ({
  ...{ object, entry, as: 'changes' as const },
  value: { field, value },
});

/** What Meta tells of a page. */
export const pageEvent = {
  comment(parts: Parts, one: Comment, verb: 'add' | 'edited' | 'remove' | 'hide' | 'unhide'): Event {
    const post = parts.world.posts.get(one.post);
    return change('page', one.account, 'feed', {
      ...{
        item: 'comment',
        verb,
        post_id: one.post,
        parent_id: one.parent ?? one.post,
        comment_id: one.id,
        from: one.from,
      },
      ...(verb !== 'remove' && { message: one.text, created_time: seconds(one.at) }),
      ...(verb === 'edited' && { edited_time: seconds(Date.now()) }),
      ...(one.photo && verb !== 'remove' && { photo: `${parts.url()}/cdn/${one.photo}` }),
      ...(post && {
        post: {
          ...{ id: post.id, status_type: 'mobile_status_update', is_published: true, promotion_status: 'inactive' },
          ...{ updated_time: graphTime(post.changedAt), permalink_url: `${parts.url()}/${post.id}` },
        },
      }),
    });
  },

  post(parts: Parts, one: Post, verb: 'add' | 'edited' | 'remove'): Event {
    return change('page', one.account, 'feed', {
      ...{ item: one.photo ? 'photo' : 'post', verb, post_id: one.id, from: one.from },
      ...(verb !== 'remove' && { message: one.text, created_time: seconds(one.at), published: 1, is_hidden: false }),
      ...(one.photo && { link: `${parts.url()}/cdn/${one.photo}`, photo_id: one.id.split('_').at(-1) }),
    });
  },

  /** Ids only: who and what has to be read. */
  mention: (account: string, id: string): Event =>
    change('page', account, 'mention', { item: 'post', verb: 'add', post_id: id }),

  review(
    account: string,
    about: { id: string; from: { id: string; name: string }; text: string; positive: boolean },
  ): Event {
    return change('page', account, 'ratings', {
      ...{ item: 'rating', verb: 'add', open_graph_story_id: about.id, reviewer_id: about.from.id },
      ...{ reviewer_name: about.from.name, recommendation_type: about.positive ? 'POSITIVE' : 'NEGATIVE' },
      ...{ review_text: about.text, created_time: seconds(Date.now()) },
    });
  },
};

/** What Meta tells of an Instagram account. */
export const instagramEvent = {
  comment: (one: Comment): Event =>
    change('instagram', one.account, 'comments', {
      ...{ id: one.id, text: one.text, from: { id: one.from.id, username: one.from.username } },
      media: { id: one.post, media_product_type: 'FEED' },
      ...(one.parent && { parent_id: one.parent }),
    }),

  mention: (account: string, ids: { media_id: string; comment_id?: string }): Event =>
    change('instagram', account, 'mentions', { ...ids }),
};

/** What Meta tells of a chat of Messenger or Instagram. */
export function chatEvent(
  { settings }: Parts,
  chat: Chat,
  one: ChatMessage,
  extra: Record<string, unknown> = {},
): Event {
  const [sender, recipient] = one.own ? [chat.account, chat.person.id] : [chat.person.id, chat.account];
  const attachments = one.attachments?.map(({ type, url }) => ({ type, payload: { url } }));
  const message = {
    ...{ mid: one.mid, ...(one.text && { text: one.text }), ...(attachments && { attachments }) },
    ...(one.own && { is_echo: true, app_id: Number(settings.appId), ...(one.metadata && { metadata: one.metadata }) }),
    ...extra,
  };
  const object = chat.platform === 'instagram' ? 'instagram' : 'page';
  const about = { sender: { id: sender }, recipient: { id: recipient }, timestamp: one.at };
  return { object, entry: chat.account, as: 'messaging', value: { ...about, message } };
}
