import { type Alert, type ChannelContext, ChannelError, type Reply, type ReplyFile } from '#contract';
import { instanceMark, ourMessageId, outboxId, replyAddress } from '../ids.ts';
import { type MailRef, refOf } from '../ref.ts';
import type { Settings } from '../settings.ts';
import { letterOf, oneLine } from './letter.ts';
import type { SmtpSettings } from './settings.ts';

export const ATTACHMENTS = {
  maxCount: 10,
  maxBytes: 15 * 1024 * 1024,
  mimes: [
    'image/jpeg', 'image/png', 'image/gif', 'image/webp', 'application/pdf', 'text/plain', 'text/csv',
    'application/msword', 'application/vnd.ms-excel',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
}; // biome-ignore format: one glance

/** In UTF-16 units. A mail has no limit of its own; this is far more than anyone writes. */
export const MAX_CHARS = 100_000;

/** Ids in References: servers cut or refuse longer headers. The first names the thread, the newest the place in it. */
const MAX_REFERENCES = 20;

/** A mail, ready to leave, the same bytes over all attempts. */
export interface Mail {
  /** Without `<>`. */
  messageId: string;
  outbox: string;
  envelope: { from: string | false; to: string; size: number };
  bytes: Buffer;
}

type Context = Pick<ChannelContext<Settings>, 'channel' | 'settings' | 'tokens'>;

/** The whole mail. Throws `refused` for what can never be sent. Reads the files; sends nothing. */
export async function mailOf(reply: Reply, smtp: SmtpSettings, ctx: Context): Promise<Mail> {
  const { account } = ctx.channel;
  const to = recipientOf(reply);
  checkSize(reply, smtp);
  const outbox = outboxId(reply.key, reply.target.threadId, ctx.tokens);
  const messageId = ourMessageId(outbox, account);
  const ref = refOf(reply.target);
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const bytes = await new MailComposer({
    ...letterOf(reply, smtp.letter),
    from: { name: oneLine(ctx.settings.fromName ?? '', 200), address: account },
    to: { name: oneLine(reply.target.author?.name ?? '', 200), address: to },
    ...(smtp.plusAddress && { replyTo: replyAddress(account, reply.target.threadId, ctx.tokens) }),
    subject: subjectOf(ref, smtp.subjectTag ? reply.ticketNo : undefined),
    ...threading(ref),
    date: reply.firstAttemptAt,
    headers: {
      ...markers(reply),
      'Message-ID': onOneLine(`<${messageId}>`),
      'X-Hub-Instance': instanceMark(ctx.tokens),
      'X-Hub-Outbox': onOneLine(outbox),
    },
    attachments: await Promise.all(reply.files.map(attachment)),
    baseBoundary: reply.key,
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  })
    .compile()
    .build();
  const from = reply.kind === 'receipt' && smtp.nullSender ? false : account;
  return { messageId, outbox, envelope: { from, to, size: bytes.length }, bytes };
}

/** News about the hub itself. An automatic mail (RFC 3834): no robot answers it, and our own mailbox knows it. */
export async function alertMail({ key, to, subject, text }: Alert, ctx: Context): Promise<Mail> {
  const { account } = ctx.channel;
  if (!ADDRESS.test(to)) throw new ChannelError('refused', 'This is no mail address', { reason: 'invalid' });
  const outbox = outboxId(key, '', ctx.tokens);
  const messageId = ourMessageId(outbox, account);
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const bytes = await new MailComposer({
    ...{ from: { name: 'Kanal Aduan', address: account }, to, subject: oneLine(subject, 200), text: `${text}\n` },
    headers: {
      ...{ 'Auto-Submitted': 'auto-generated', 'X-Hub-Instance': instanceMark(ctx.tokens) },
      'Message-ID': onOneLine(`<${messageId}>`),
    },
    ...{ baseBoundary: key, disableFileAccess: true, disableUrlAccess: true, newline: 'win' },
  })
    .compile()
    .build();
  return { messageId, outbox, envelope: { from: account, to, size: bytes.length }, bytes };
}

/** Not every mail server reads an id whose header begins with an empty line. */
const onOneLine = (value: string) => ({ prepared: true, foldLines: false, value });

/** RFC 3834. A person's answer is no automatic mail; robots are asked not to answer either. Never `All`: that would stop bounces. */
function markers({ kind }: Reply): Record<string, string> {
  const quiet = { 'X-Auto-Response-Suppress': 'OOF, AutoReply, DR, RN, NRN' };
  return kind === 'receipt' ? { ...quiet, 'Auto-Submitted': 'auto-replied' } : quiet;
}

const ADDRESS = /^[^\s\p{Cc}@<>,;:"()[\]\\]{1,64}@[^\s\p{Cc}@<>,;:"()[\]\\]{1,255}$/u;

/** Where to answer, as `normalise` found it. What could mean a second recipient or a header is no address. */
function recipientOf({ target }: Reply): string {
  const address = target.author?.email ?? '';
  if (ADDRESS.test(address)) return address;
  throw new ChannelError('refused', 'The mail has no address that can be answered', { reason: 'gone' });
}

function checkSize({ text, files }: Reply, { maxBytes }: SmtpSettings): void {
  if (text.length > MAX_CHARS) throw tooMuch('The text is too long');
  if (files.length > ATTACHMENTS.maxCount) throw tooMuch(`More than ${ATTACHMENTS.maxCount} files`);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > maxBytes) throw tooMuch(`The files have ${bytes} bytes; the mailbox sends at most ${maxBytes}`);
}

const tooMuch = (message: string) => new ChannelError('refused', message, { reason: 'content' });

async function attachment(file: ReplyFile) {
  const content = Buffer.from(await file.bytes());
  return { filename: oneLine(file.name, 150) || 'lampiran', contentType: file.mime, content };
}

/** The parent's References and its id, newest last. */
export function threading({ references, messageId }: MailRef): { references: string[]; inReplyTo?: string } {
  const all = [...references, ...(messageId ? [messageId] : [])].filter((id) => /^[^\s\p{Cc}<>]+$/u.test(id));
  const known = [...new Set(all.toReversed())].toReversed();
  const kept = known.length > MAX_REFERENCES ? [known[0]!, ...known.slice(1 - MAX_REFERENCES)] : known;
  const wrapped = kept.map((id) => `<${id}>`);
  const inReplyTo = messageId && known.includes(messageId) ? `<${messageId}>` : undefined;
  return { references: wrapped, ...(inReplyTo && { inReplyTo }) };
}

/** `Re: Lampu jalan mati [K7M-4QD-X2P]`. What the citizen wrote stays; the ticket number stands there once. */
export function subjectOf({ subject }: MailRef, ticketNo: string | undefined): string {
  const bare = oneLine(subject, 200) || 'Aduan Anda';
  const answered = /^(re|bls|balas|aw)\s*:/i.test(bare) ? bare : `Re: ${bare}`;
  return ticketNo && !answered.includes(ticketNo) ? `${answered} [${ticketNo}]` : answered;
}
