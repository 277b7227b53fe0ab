import { z } from 'zod';
import { type Alert, ChannelError, type Finding, type Idempotency, type Published, type Reply } from '#contract';
import { ourMessageId, outboxId } from './ids.ts';
import type { Context } from './imap/client.ts';
import { findOurs, hasOurs, inSent, type OurMail } from './sent.ts';
import type { Settings } from './settings.ts';
import { ATTACHMENTS, alertMail, MAX_CHARS, type Mail, mailOf } from './smtp/mail.ts';
import type { SmtpSettings } from './smtp/settings.ts';

const DAY_MS = 86_400_000;
/** Where the mail that went out last is kept: what the server must have filed, if it files at all. */
const LAST_SENT = 'lastSent';

export const publish = {
  maxChars: MAX_CHARS,
  surfaces: ['mail'] as const,
  attachments: ATTACHMENTS,
  sendTimeout: '90s',
  settleAfter: ({ smtp }: Settings): string => `${smtp?.settleAfter ?? 1}ms`,
  /** Only a server that files by itself what it took can be asked whether it took something. */
  idempotency: ({ smtp }: Settings): Idempotency => (smtp?.sentCopies === 'provider' ? 'lookup' : 'none'),
  send,
};

function smtpOf({ smtp }: Settings): SmtpSettings {
  if (smtp) return smtp;
  throw new ChannelError('refused', 'This mailbox is only read: there is no `smtp` in its file', {
    reason: 'unsupported',
  });
}

async function send(reply: Reply, ctx: Context): Promise<Published> {
  const smtp = smtpOf(ctx.settings);
  const mail = await mailOf(reply, smtp, ctx);
  // Loaded with the first mail that is sent, as everything large of this adapter.
  const { transmit } = await import('./smtp/transmit.ts');
  const replaced = await transmit(mail, smtp, ctx);
  // From here on it is sent, whatever else fails.
  if (smtp.sentCopies === 'provider')
    await quietly(ctx, reply, remember({ key: reply.key, messageId: mail.messageId }, reply, ctx));
  if (smtp.sentCopies === 'hub') await quietly(ctx, reply, file(mail, ctx));
  return { publishedId: replaced ?? mail.messageId };
}

/** Tells whoever looks after the hub. Of no mailbox's business afterwards: it is not filed. */
export async function alert(news: Alert, ctx: Context): Promise<Published> {
  const smtp = smtpOf(ctx.settings);
  const mail = await alertMail(news, ctx);
  const { transmit } = await import('./smtp/transmit.ts');
  return { publishedId: (await transmit(mail, smtp, ctx)) ?? mail.messageId };
}

async function quietly(ctx: Context, { key }: Reply, work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) =>
    ctx.log.warn({ channel: ctx.channel.id, key, error: String(error) }, 'email: sent, but not noted in the mailbox'),
  );
}

/** Only after the server has taken it: what lies there was sent. */
async function file(mail: Mail, ctx: Context): Promise<void> {
  const flags = ['\\Seen'];
  const filed = await inSent(ctx, 'Filing a sent mail', false, (client, path) =>
    client.append(path, mail.bytes, flags),
  );
  if (!filed) throw new Error('the mailbox has no folder for sent mail, or did not take it; see `folders.sent`');
}

const noted = z.object({ key: z.string(), messageId: z.string(), at: z.iso.datetime() });

async function remember(sent: OurMail, reply: Reply, ctx: Context): Promise<void> {
  await ctx.store.update(LAST_SENT, async () => ({ ...sent, at: reply.firstAttemptAt.toISOString() }));
}

/**
 * Looks where sent mail is filed. What lies there was taken. That nothing lies there proves something only when the server
 * files by itself, and that is believed only on evidence: the mail that surely went out last must be found in the same
 * way. Otherwise `unknown`, and a person decides; a mail is never sent twice on a guess.
 */
export async function reconcile(reply: Reply, ctx: Context): Promise<Finding> {
  try {
    return await lookUp(reply, ctx);
  } catch (error) {
    if (!(error instanceof ChannelError) || error.kind !== 'retry') throw error;
    ctx.log.warn({ channel: ctx.channel.id, key: reply.key, error: error.message }, 'email: could not look');
    return 'unknown';
  }
}

async function lookUp(reply: Reply, ctx: Context): Promise<Finding> {
  const { sentCopies } = smtpOf(ctx.settings);
  const outbox = outboxId(reply.key, reply.target.threadId, ctx.tokens);
  const ours = { key: reply.key, messageId: ourMessageId(outbox, ctx.channel.account) };
  const finding = await inSent(ctx, 'Looking for a sent mail', true, async (client): Promise<Finding> => {
    const publishedId = await findOurs(client, ours, reply.firstAttemptAt);
    if (publishedId !== null) return { found: { publishedId } };
    if (sentCopies !== 'provider') return 'unknown';
    const last = noted.safeParse(await ctx.store.get(LAST_SENT)).data;
    const filed = last
      ? (await findOurs(client, last, new Date(last.at))) !== null
      : await hasOurs(client, ctx, new Date(ctx.now().getTime() - 30 * DAY_MS));
    return filed ? 'absent' : 'unknown';
  });
  return finding ?? 'unknown';
}
