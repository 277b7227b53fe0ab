import { type Fields, fieldsOf, idOf, listOf, textOf } from '../json.ts';
import { digest, type Entry, type Piece } from '../piece.ts';
import { splitMessaging } from './messaging.ts';

/** A Page: what stands on it (`feed`), where it is named (`mention`), reviews (`ratings`), and Messenger. */
export function splitPage(entry: Entry): Piece[] {
  const changes = listOf(entry.fields.changes).flatMap((change) => splitChange(entry, fieldsOf(change)));
  return [...changes, ...splitMessaging(entry, (_, id) => id)];
}

function splitChange({ id: account, time }: Entry, { field, value: given }: Fields): Piece[] {
  const value = fieldsOf(given);
  const about = { account, time, field };
  if (field === 'feed') return feedPieces(about, value);
  if (field === 'mention') return [mentionPiece(about, value)];
  if (field === 'ratings') return [{ account, key: ratingKey(value), raw: { ...about, value } }];
  return [{ account, key: null, raw: { ...about, value: given } }];
}

type About = { account: string; time: unknown; field: unknown };

/** Items that are something written on the page, by whoever it was. */
export const POSTS: ReadonlySet<unknown> = new Set([
  'post',
  'status',
  'photo',
  'video',
  'share',
  'link',
  'note',
  'album',
  'event',
]);

/**
 * Photos of one post come as events of their own, each with the post's text: the text is one event, known by the post,
 * and each photo another, so that none of them takes the place of the others.
 */
function feedPieces(about: About, value: Fields): Piece[] {
  const { item, verb } = value;
  const photoId = idOf(value.photo_id) ?? idOf(value.video_id);
  const several = (item === 'photo' || item === 'video') && verb === 'add' && photoId && !idOf(value.comment_id);
  if (!several || !idOf(value.post_id)) return [feedPiece(about, value)];
  const { photo_id: _, video_id: __, link, photo, video, ...text } = value;
  const file = { ...value, message: undefined, part: photoId };
  const words = textOf(value.message) ? [feedPiece(about, text)] : [];
  return [...words, { ...feedPiece(about, file), key: ['photo', photoId, 'add'] }];
}

function feedPiece(about: About, value: Fields): Piece {
  const raw = { ...about, value };
  const object = idOf(value.comment_id) ?? idOf(value.post_id);
  if (!object || typeof value.verb !== 'string' || typeof value.item !== 'string')
    return { account: about.account, key: null, raw };
  // A like of a post names the same post: it must not take the place of what was written.
  const kind = POSTS.has(value.item) ? 'post' : value.item;
  return {
    account: about.account,
    key: [kind, object, ...eventOf(about, value)],
    raw,
    ...(isBare(value) && { incomplete: true }),
  };
}

/** Verb and version: a later edit and a later hiding are events of their own. */
function eventOf({ time }: About, value: Fields): (string | number)[] {
  switch (value.verb) {
    case 'edit':
    case 'edited':
    case 'update':
      return ['edit', String(value.edited_time ?? digest(textOf(value.message) ?? JSON.stringify(value)))];
    case 'remove':
    case 'delete':
      return ['remove'];
    case 'add':
      return isWritten(value.item) ? ['add'] : ['add', idOf(fieldsOf(value.from).id) ?? '', String(time)];
    default:
      return [String(value.verb), String(time)];
  }
}

const isWritten = (item: unknown): boolean => item === 'comment' || POSTS.has(item);

const CONTENT = ['message', 'photo', 'video', 'link', 'photos', 'photo_id', 'story'];

/** Without its author or anything it says: it has to be read at the platform. */
function isBare(value: Fields): boolean {
  if (value.verb !== 'add' || !isWritten(value.item)) return false;
  const author = idOf(fieldsOf(value.from).id) ?? idOf(value.sender_id);
  return !author || !CONTENT.some((name) => value[name] !== undefined);
}

/** Somebody names the Page elsewhere: who and what has to be read. */
function mentionPiece(about: About, value: Fields): Piece {
  const object = idOf(value.comment_id) ?? idOf(value.post_id);
  const raw = { ...about, value };
  if (!object) return { account: about.account, key: null, raw };
  const event = value.verb === undefined || value.verb === 'add' ? ['add'] : eventOf(about, value);
  const author = idOf(fieldsOf(value.from).id) ?? idOf(value.sender_id);
  const incomplete = event[0] === 'add' && (value.message === undefined || !author);
  return { account: about.account, key: ['mention', object, ...event], raw, ...(incomplete && { incomplete }) };
}

function ratingKey(value: Fields): (string | number)[] | null {
  const story = idOf(value.open_graph_story_id);
  if (!story || typeof value.verb !== 'string') return null;
  const version = value.verb === 'add' || value.verb === 'remove' ? '' : digest(textOf(value.review_text) ?? '');
  return ['rating', story, String(value.item ?? 'rating'), value.verb, version].filter((part) => part !== '');
}
