import type { Author } from '#contract';
import { type Actor, can } from '../../core/access.ts';
import { enteredAbout } from '../../core/entry.ts';
import { mask } from '../../core/leaks/index.ts';
import { paperHtml } from '../../core/paper/html.ts';
import type { Paper } from '../../core/paper/index.ts';
import { letterPaper } from '../../core/paper/letter.ts';
import { type ReceiptFacts, receiptPaper, receiptShort } from '../../core/paper/receipt.ts';
import { Refusal } from '../../core/refusal.ts';
import { paperPdf } from '../../platform/pdf.ts';
import { type ComplaintRow, findComplaint } from '../../store/complaints.ts';
import { messagesById } from '../../store/messages.ts';
import { type Addressee, addresseesOf, findPublication } from '../../store/publications.ts';
import { logAccess, newestEvent } from '../../store/trail.ts';
import { namesOf } from '../../store/users.ts';
import { ownContactsOf } from '../contacts.ts';
import type { DeskDeps } from '../deps.ts';
import { accessCodeOf } from '../door/code.ts';
import { lookUpUrl, openDoor } from '../door/door.ts';
import { mustBeAble, notFound, placeOf } from './desk.ts';

export interface Receipt {
  paper: Paper;
  /** For an SMS. */
  short: string;
}

/**
 * What the citizen takes home. It holds the code that opens their answers, so only those may print it who may know who
 * they are, and each printing is written down.
 */
export async function receipt(deps: DeskDeps, actor: Actor, id: string): Promise<Receipt> {
  const row = (await findComplaint(deps.db, actor, id)) ?? notFound('complaint', id);
  mustBeAble(actor, 'contact', placeOf(row));
  await logAccess(deps.db, actor.userId, id, 'receipt', deps.clock.now());
  return receiptOf(deps, row);
}

/** The same for somebody who has just entered it. */
export async function receiptOf(deps: DeskDeps, row: ComplaintRow): Promise<Receipt> {
  if (!row.ticket_no) throw new Refusal('illegal_state', 'it has no ticket number yet; accept it first');
  const facts = await factsOf(deps, row, row.ticket_no);
  return { paper: receiptPaper(facts), short: receiptShort(facts) };
}

async function factsOf(deps: DeskDeps, row: ComplaintRow, ticketNo: string): Promise<ReceiptFacts> {
  const { config, keyring } = deps;
  const { site, agencies } = config.hub;
  const own = ownContactsOf(config.hub);
  const door = openDoor(deps)?.door;
  return {
    ...{ site: site.name, timezone: site.timezone, ticketNo, code: accessCodeOf(keyring, row.id) },
    agency: agencies.find((agency) => agency.id === row.agency_id)?.name ?? null,
    receivedAt: row.received_at,
    channel: config.channels.find((channel) => channel.id === row.channel_id)?.label ?? row.channel_id,
    officer: await officerOf(deps, row),
    title: row.title && mask(row.title, own),
    // Paper is left lying about.
    text: mask(row.body, own),
    statusUrl: door ? lookUpUrl(door) : null,
  };
}

async function officerOf({ db }: DeskDeps, row: ComplaintRow): Promise<string> {
  const [opening] = await messagesById(db, row.opening_message_id ? [row.opening_message_id] : []);
  const { receivedBy } = enteredAbout(opening?.ref);
  if (receivedBy) return receivedBy;
  const event = await newestEvent(db, row.id, 'complaint.entered');
  const userId = event?.actor.replace(/^user:/, '');
  return (userId && (await namesOf(db, [userId])).get(userId)) || 'Sistem';
}

/** An approved answer as a letter. Names its reader only to whoever may know them, which is written down. */
export async function letter(deps: DeskDeps, actor: Actor, publicationId: string): Promise<Paper> {
  const publication = await findPublication(deps.db, actor, publicationId);
  const row = publication && (await findComplaint(deps.db, actor, publication.complaint_id));
  const reader = publication && (await addresseesOf(deps.db, [publication.id])).get(publication.id);
  if (!publication || !row || !reader) return notFound('publication', publicationId);
  mustBeAble(actor, 'publication', placeOf(row));
  if (publication.kind !== 'answer') throw new Refusal('illegal_state', 'only an answer can be printed as a letter');
  if (['cancelled', 'refused'].includes(publication.state))
    throw new Refusal(
      'illegal_state',
      `this answer is "${publication.state}": it went to nobody, so there is no letter`,
    );
  const { site, agencies } = deps.config.hub;
  const agency = agencies.find((one) => one.id === row.agency_id);
  return letterPaper({
    ...{ site: site.name, timezone: site.timezone, agency: agency?.name ?? null, style: agency?.letter ?? {} },
    ...{ ticketNo: reader.ticket_no ?? '', receivedAt: reader.received_at },
    ...{ at: deps.clock.now(), text: publication.text },
    // A letter lies on desks: an anonymous reporter stands on none, whoever prints it.
    to: row.anonymous ? null : await readerOf(deps, actor, reader, publication.target.messageId),
  });
}

async function readerOf(deps: DeskDeps, actor: Actor, reader: Addressee, messageId: string | undefined) {
  if (reader.anonymous || !can(actor, 'contact', placeOf(reader))) return null;
  const [message] = await messagesById(deps.db, messageId ? [messageId] : []);
  if (!message?.author_sealed) return null;
  const { name, address } = deps.keyring.decryptJson(message.author_sealed, 'author') as Author;
  if (!name) return null;
  await logAccess(deps.db, actor.userId, reader.id, 'letter', deps.clock.now());
  return { name, address };
}

/** On a screen, or to be printed anywhere. */
export const printed = async (paper: Paper, format: 'html' | 'pdf'): Promise<string | Buffer> =>
  format === 'pdf' ? paperPdf(paper) : paperHtml(paper);
