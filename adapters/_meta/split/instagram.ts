import { type Fields, fieldsOf, idOf, listOf } from '../json.ts';
import type { Entry, Piece } from '../piece.ts';
import { splitMessaging } from './messaging.ts';

/**
 * An Instagram account. Three shapes are in use: `changes`, `messaging`, and `field` and `value` in the entry itself
 * (Meta, "Instagram webhooks: examples").
 */
export function splitInstagram(entry: Entry): Piece[] {
  const { fields } = entry;
  const flat = fields.field === undefined ? [] : [fields];
  const changes = [...listOf(fields.changes), ...flat].flatMap((change) => splitChange(entry, fieldsOf(change)));
  return [...changes, ...splitMessaging(entry, accountOf)];
}

/** The account of a chat is one of its two ends; the entry's id was not always that. */
function accountOf(event: Fields, entry: string): string {
  const sender = idOf(fieldsOf(event.sender).id);
  const recipient = idOf(fieldsOf(event.recipient).id);
  if (entry === sender || entry === recipient || entry === '0') return entry;
  const own = fieldsOf(event.message).is_echo === true ? sender : recipient;
  return own ?? entry;
}

function splitChange(entry: Entry, { field, value: given }: Fields): Piece[] {
  const { id: account, time } = entry;
  const value = fieldsOf(given);
  const raw = { account, time, field, value };
  if (field === 'messages') return splitMessaging({ ...entry, fields: { messaging: [value] } }, accountOf);
  const commentId = idOf(value.id) ?? idOf(value.comment_id);
  if ((field === 'comments' || field === 'live_comments') && commentId) {
    const incomplete = fieldsOf(value.from).id === undefined && fieldsOf(value.from).username === undefined;
    return [{ account, key: ['comment', commentId, 'add'], raw, ...(incomplete && { incomplete }) }];
  }
  const mentioned = idOf(value.comment_id) ?? idOf(value.media_id);
  // A mention brings ids only: what was written has to be read.
  if (field === 'mentions' && mentioned)
    return [{ account, key: ['mention', mentioned, 'add'], raw, incomplete: value.text === undefined }];
  return [{ account, key: null, raw: { ...raw, value: given } }];
}
