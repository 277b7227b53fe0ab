import { type Fields, fieldsOf, idOf, listOf } from '../json.ts';
import { digest, type Entry, type Piece } from '../piece.ts';

/** A WhatsApp business account. The account of a channel is the number it is for: `phone_number_id`. */
export function splitWhatsapp({ id: business, fields }: Entry): Piece[] {
  return listOf(fields.changes).flatMap((change) => splitChange(business, fieldsOf(change)));
}

function splitChange(business: string, { field, value: given }: Fields): Piece[] {
  const value = fieldsOf(given);
  const metadata = fieldsOf(value.metadata);
  const account = idOf(metadata.phone_number_id) ?? idOf(value.phone_number_id) ?? business;
  const about = { account, business, field, metadata };
  const parts = [
    ...listOf(value.messages).map((one) => messagePiece(about, 'message', fieldsOf(one), value)),
    ...listOf(value.message_echoes).map((one) => messagePiece(about, 'echo', fieldsOf(one), value)),
    ...listOf(value.statuses).map((one) => statusPiece(about, fieldsOf(one))),
    ...listOf(value.history).flatMap((one) => oldPieces(about, fieldsOf(one))),
  ];
  if (parts.length > 0) return parts;
  return [{ account, key: ['change', String(field), digest(JSON.stringify(value))], raw: { ...about, value } }];
}

type About = { account: string; business: string; field: unknown; metadata: Fields };

/** With the contact that belongs to it: contacts may be missing, or in another order. */
function messagePiece(about: About, kind: 'message' | 'echo', message: Fields, { contacts }: Fields): Piece {
  const ids = [message.from, message.from_user_id, message.to, message.to_user_id].flatMap((id) => idOf(id) ?? []);
  const contact = listOf(contacts)
    .map(fieldsOf)
    .find((one) => ids.some((id) => id === idOf(one.wa_id) || id === idOf(one.user_id)));
  const id = idOf(message.id);
  const raw = { ...about, [kind]: message, ...(contact && { contact }) };
  return { account: about.account, key: id ? [kind, id] : null, raw };
}

/** Chats from before, in parts, when an office's phone was connected (Meta, "webhooks: history"). */
function oldPieces(about: About, { threads }: Fields): Piece[] {
  const office = String(about.metadata.display_phone_number).replace(/\D/g, '');
  return listOf(threads)
    .map(fieldsOf)
    .flatMap(({ id, messages }) =>
      listOf(messages).map((given) => {
        const one = fieldsOf(given);
        const own = idOf(one.from)?.replace(/\D/g, '') === office;
        const piece = messagePiece(
          about,
          own ? 'echo' : 'message',
          own ? { to: id, ...one } : { from: id, ...one },
          {},
        );
        return { ...piece, raw: { ...piece.raw, history: true } };
      }),
    );
}

function statusPiece(about: About, status: Fields): Piece {
  const id = idOf(status.id);
  const who = idOf(status.recipient_participant_id) ?? idOf(status.recipient_participant_user_id) ?? '';
  const key = id && typeof status.status === 'string' ? ['status', id, status.status, who] : null;
  return { account: about.account, key, raw: { ...about, status } };
}
