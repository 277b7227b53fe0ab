import type { Author } from '#contract';
import type { Actor } from '../../core/access.ts';
import { briefOf } from '../../core/brief.ts';
import type { Hidden } from '../../core/leaks/index.ts';
import { Refusal } from '../../core/refusal.ts';
import { type ComplaintRow, duplicateIds, findComplaint } from '../../store/complaints.ts';
import type { Db } from '../../store/database.ts';
import { authorsOf } from '../../store/messages.ts';
import { ownContactsOf } from '../contacts.ts';
import type { DeskDeps } from '../deps.ts';
import { notFound } from './desk.ts';

/** A text for the office's group chat, without the reporter. Refuses a complaint on the sensitive hold: it is told to nobody. */
export async function brief(deps: DeskDeps, actor: Actor, id: string): Promise<string> {
  const row = (await findComplaint(deps.db, actor, id)) ?? notFound('complaint', id);
  if (row.sensitive) throw new Refusal('stays_on_hold', 'a complaint on the sensitive hold is not told to a group');
  const { site } = deps.config.hub;
  return briefOf({
    ...{ ticketNo: row.ticket_no, category: row.category, title: row.title, text: row.body },
    channel: deps.config.channels.find((one) => one.id === row.channel_id)?.label ?? row.channel_id,
    place: row.location?.text ?? null,
    ...{ receivedAt: row.received_at, timezone: site.timezone, own: ownContactsOf(deps.config.hub) },
    hidden: await reportersOf(deps, row),
  });
}

/** What is known of the reporters: read to leave it out, not to show it. */
export async function reportersOf(
  { db, keyring }: Pick<DeskDeps, 'keyring'> & { db: Db },
  { id }: ComplaintRow,
): Promise<Hidden> {
  const written = await authorsOf(db, [id, ...(await duplicateIds(db, id))]);
  const authors = written.map((one) => keyring.decryptJson(one.author_sealed, 'author') as Author);
  return {
    names: authors.flatMap((author) => author.name ?? []),
    addresses: authors.flatMap((author) => author.address ?? []),
  };
}
