import { z } from 'zod';
import type { AttachmentSource, Author, FetchedMedia, Item, Json, MessageItem, NormaliseContext } from '#contract';
import { readOurId } from './ids.ts';
import { isVerified } from './parse/authentication.ts';
import { type Class, classify } from './parse/classify.ts';
import { withoutFiles } from './parse/files.ts';
import { type Head, headerOf, headOf, splitMail } from './parse/headers.ts';
import { type Part, type ReadMail, readMail } from './parse/mail.ts';
import { type Person, peopleOf } from './parse/people.ts';
import { wordsOf } from './parse/plain.ts';
import { withoutQuoted } from './parse/quoted.ts';
import { isReportPart, type Outcome, outcomeOf, REPORT_BYTES } from './parse/report.ts';
import { type Links, linksOf } from './parse/thread.ts';
import { fingerprintOf, identityOf, messageId, type Source, unpackMail } from './raw.ts';
import type { MailRef } from './ref.ts';
import type { Settings } from './settings.ts';

type Context = NormaliseContext<Settings>;

/** In UTF-16 units: more than anyone writes or reads. The raw mail is kept whole. */
const MAX_TEXT = 200_000;

interface Mail {
  about: Source | null;
  head: Head;
  read: ReadMail;
  people: { from: Person | undefined; to: Person | undefined; replyTo: Person | undefined };
  subject: string;
  kind: Class;
  /** Message-ID without `<>`, or what stands in for it. */
  id: string;
  objectId: string;
  at: string;
}

/** A raw mail to an item. Throws, in words for operators, what cannot be read. */
export async function normalise(raw: string | Uint8Array, ctx: Context): Promise<Item | null> {
  const mail = await open(raw, ctx);
  const links = linksOf(mail.head, threadSide(mail), ctx.tokens.verify);
  if (mail.kind.report) {
    const outcome = outcomeOf(mail.kind.report, mail.read.parts, links.references);
    if (outcome) return receiptOf(mail, outcome, readOurId(outcome.about, ctx.tokens.verify)?.key);
    if (mail.kind.report === 'disposition-notification') return null;
  }
  return messageOf(mail, links, ctx);
}

/** Takes the bytes of one attachment out of a raw mail; `inside` as `normalise` wrote it. */
export async function extract(raw: string | Uint8Array, inside: Json, ctx: Context): Promise<FetchedMedia> {
  const { attachment } = z.strictObject({ attachment: z.int().nonnegative() }).parse(inside);
  const { mail } = unpackMail(raw);
  const keep = (part: Pick<Part, 'index'>) => (part.index === attachment ? Number.POSITIVE_INFINITY : 0);
  const { parts } = await readMail(mail, { maxParts: ctx.settings.limits.parts, keep });
  const part = parts.find((one) => one.index === attachment);
  if (!part?.bytes) throw new Error(`Surat ini tidak punya lampiran nomor ${attachment + 1}.`);
  return { bytes: part.bytes, mime: part.mime, ...(part.name && { name: part.name }) };
}

async function open(raw: string | Uint8Array, ctx: Context): Promise<Mail> {
  const { about, mail } = unpackMail(raw);
  if (about?.left !== undefined) throw new Error(about.left);
  if (mail.length === 0) throw new Error('Surat ini kosong.');
  const { head: top, body } = splitMail(mail);
  const head = headOf(top);
  const light = withoutFiles(mail, headerOf(head, 'content-type'));
  const read = await readMail(light.mail, {
    sizes: light.sizes,
    maxParts: ctx.settings.limits.parts,
    keep: ({ mime }) => (isReportPart(mime) ? REPORT_BYTES : 0),
  });
  if (read.headers.size === 0) throw new Error('Ini bukan surat: tidak ada kepala surat.');
  const people = peopleOf(read.headers);
  const subject = textOf(read.headers.get('subject'));
  const addresses = [ctx.channel.account, ...ctx.settings.addresses].map((one) => one.toLowerCase());
  const kind = classify(head, subject, { from: people.from?.address, addresses, verify: ctx.tokens.verify });
  const { id, fingerprint } = identityOf(top, about?.fingerprint ?? fingerprintOf(body));
  const at = about?.at ?? sentAt(head) ?? ctx.receivedAt.toISOString();
  return { about, head, read, people, subject, kind, id, objectId: kind.fromUs ? id : `${id} ${fingerprint}`, at };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the writer's clock said. Only where the mail server's time is not known. */
function sentAt(head: Head): string | undefined {
  const at = Date.parse(headerOf(head, 'date') ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** A mail of ours is in the thread of the person it went to. */
function threadSide({ id, subject, kind, people }: Mail) {
  const person = (kind.fromUs ? people.to?.address : people.from?.address) ?? '';
  return { id, subject, person };
}

/** By our key, too, where our id has it: the server that sent the mail may have given it another id. */
function receiptOf({ at }: Mail, { about, state, reason }: Outcome, key: string | undefined): Item {
  const named = key === undefined ? {} : { publicationKey: key };
  return { type: 'receipt', objectId: about, ...named, at, state, ...(reason !== undefined && { reason }) };
}

function messageOf(mail: Mail, links: Links, ctx: Context): MessageItem {
  const { kind, about } = mail;
  const verified = isVerified(mail.head, mail.people.from?.address, ctx.settings.authServer);
  const author = kind.fromUs ? undefined : authorOf(mail, verified);
  const attachments = attachmentsOf(mail.read.parts, ctx.settings.limits.attachments);
  const key = kind.fromUs ? keyOf(mail, ctx) : undefined;
  return {
    type: 'message',
    surface: 'mail',
    claimed: true,
    objectId: mail.objectId,
    at: mail.at,
    threadId: links.threadId,
    ...(links.parentId && { parentId: links.parentId }),
    ...(links.ticketNo && { ticketNo: links.ticketNo }),
    ...(kind.fromUs && { fromUs: true }),
    ...(key && { publicationKey: key }),
    ...(kind.automated && { automated: true }),
    ...((kind.automated || about?.role === 'junk') && !kind.fromUs && { unsure: true }),
    ...(author && { author }),
    ...(verified !== undefined && !kind.fromUs && { verified }),
    ...(mail.subject.trim() && { title: mail.subject.trim().slice(0, 2_000) }),
    ...viewOf(mail.read),
    ...(attachments.length > 0 && { attachments }),
    ref: refOf(mail, links),
  };
}

/** The publication that a mail of ours carries: proof that it went out. */
function keyOf({ head, id }: Mail, { tokens }: Context): string | undefined {
  return (readOurId(headerOf(head, 'x-hub-outbox') ?? '', tokens.verify) ?? readOurId(id, tokens.verify))?.key;
}

/**
 * Answers go to the sender. To another address (`Reply-To`) only when the sender is proven: who writes in somebody's name
 * must not get what is meant for them.
 */
function authorOf({ people: { from, replyTo } }: Mail, verified: boolean | undefined): Author | undefined {
  if (!from) return undefined;
  const email = (verified && replyTo?.address) || from.address;
  return { id: from.address, email, ...(from.name && { name: from.name }) };
}

function viewOf({ text, html }: ReadMail): Pick<MessageItem, 'text' | 'full'> {
  const whole = (text.trim() === '' && html ? wordsOf(html) : text).slice(0, MAX_TEXT).trim();
  const view = withoutQuoted(whole);
  if (view === whole && !html) return { text: view };
  return { text: view, full: { text: whole, ...(html && { html: html.slice(0, MAX_TEXT) }) } };
}

function attachmentsOf(parts: readonly Part[], most: number): AttachmentSource[] {
  const files = parts.filter((part) => !isReportPart(part.mime) || part.mime === 'message/rfc822');
  return files.slice(0, most).map(({ index, name, mime, size }) => ({
    inside: { attachment: index },
    ...(name && { name }),
    ...(mime && { mime }),
    size,
  }));
}

/** A `MailRef`: what an answer will need. */
function refOf({ head, subject }: Mail, { references }: Links): Record<keyof MailRef, Json> | Record<string, Json> {
  const own = messageId(headerOf(head, 'message-id'));
  const ids = { references: references.slice(-100), subject: subject.slice(0, 2_000) };
  return own ? { messageId: own, ...ids } : ids;
}
