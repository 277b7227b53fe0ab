import { type Fields, fieldsOf, idOf, listOf } from '../json.ts';
import type { Entry, Piece } from '../piece.ts';

/** Chats of Messenger and Instagram: `messaging`, and `standby` while another app has the thread. */
export function splitMessaging({ id, time, fields }: Entry, accountOf: (event: Fields, entry: string) => string) {
  const piecesOf = (events: unknown, standby: boolean): Piece[] =>
    listOf(events).flatMap((one) => {
      const event = fieldsOf(one);
      const about = { account: accountOf(event, id), time, ...(standby && { standby: true }) };
      return split(event).map(({ key, event: part }) => ({
        account: about.account,
        key,
        raw: { ...about, messaging: part },
      }));
    });
  return [...piecesOf(fields.messaging, false), ...piecesOf(fields.standby, true)];
}

type Part = { key: (string | number)[] | null; event: Fields };

/** A delivery names several messages at once; each is an event of its own. */
function split(event: Fields): Part[] {
  const mids = listOf(fieldsOf(event.delivery).mids).flatMap((mid) => idOf(mid) ?? []);
  if (mids.length === 0) return [{ key: keyOf(event), event }];
  return mids.map((mid) => ({ key: ['delivered', mid], event: { ...event, delivery: { mid } } }));
}

function keyOf(event: Fields): (string | number)[] | null {
  const message = fieldsOf(event.message);
  const mid = idOf(message.mid);
  if (mid) return [message.is_deleted === true ? 'unsent' : 'message', mid];
  const edit = fieldsOf(event.message_edit);
  if (idOf(edit.mid)) return ['edit', idOf(edit.mid)!, String(edit.num_edit ?? event.timestamp ?? '')];
  const reaction = fieldsOf(event.reaction);
  const who = `${idOf(fieldsOf(event.sender).id) ?? ''} ${String(event.timestamp ?? '')}`;
  if (idOf(reaction.mid)) return ['reaction', idOf(reaction.mid)!, String(reaction.action ?? ''), who];
  for (const kind of ['read', 'delivery', 'postback', 'referral', 'optin']) {
    if (event[kind] === undefined) continue;
    const { mid: about, watermark } = fieldsOf(event[kind]);
    return [kind, idOf(about) ?? String(watermark ?? ''), who];
  }
  return null;
}
