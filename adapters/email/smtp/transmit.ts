import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { type ChannelContext, ChannelError } from '#contract';
import type { Pair } from '../../_oauth/pair.ts';
import { mailToken, type OauthContext, refusedLogin } from '../oauth/token.ts';
import type { Settings } from '../settings.ts';
import { type SmtpFailure, sendError } from './errors.ts';
import type { Mail } from './mail.ts';
import { type Login, MessageStream, SmtpSession } from './session.ts';
import type { SmtpSettings } from './settings.ts';

type Context = OauthContext & Pick<ChannelContext<Settings>, 'signal' | 'deadline'>;

/**
 * Hands a mail to the server, once. Gives back the Message-ID that the server put in the place of ours, without `<>`, or
 * `null`. Throws a ChannelError that says whether anything may have been sent.
 */
export async function transmit(mail: Mail, smtp: SmtpSettings, ctx: Context): Promise<string | null> {
  const stream = new MessageStream(mail.bytes);
  // Read before anything else: a missing secret is no failure of the server.
  const { login, token } = await loginOf(smtp, ctx);
  const session = await SmtpSession.open(smtp, ctx, login).catch(async (error: unknown) => {
    throw await refusedLogin(ctx, token, failed(error, stream, false));
  });
  let info: SMTPConnectionSendInfo;
  try {
    info = await session.send(mail, stream);
  } catch (error) {
    session.drop();
    throw failed(error, stream, session.tripped);
  }
  await session.close();
  return replacedId(info);
}

/**
 * Who logs in, with password or token as they are now; `login` null where the server wants none. A password of its own
 * goes before the mailbox's sign-in.
 */
export async function loginOf(smtp: SmtpSettings, ctx: OauthContext): Promise<{ login: Login | null; token?: Pair }> {
  const { settings, secret } = ctx;
  const user = smtp.user ?? settings.user;
  const password = smtp.password ?? settings.password;
  if (!smtp.login) return { login: null };
  if (password) return { login: { user, pass: await secret(password) } };
  if (!settings.oauth) return { login: null };
  const token = await mailToken(ctx, settings.oauth);
  return { login: { user, token: token.access }, token };
}

function failed(error: unknown, stream: MessageStream, tripped: boolean): ChannelError {
  const { code, command, response, responseCode } = error as SmtpFailure;
  // Whatever the time stopped was not the last write, so the dot that ends the mail had not left.
  const stage = tripped ? 'during' : stream.stage;
  return sendError({ code, command, response, responseCode, stage });
}

/** Only 250 says that the mail is taken; nodemailer is content with anything that begins with a 2. */
function replacedId({ response, serverMessageId }: SMTPConnectionSendInfo): string | null {
  if (!/^250(?:[ -]|$)/.test(response))
    throw new ChannelError('retry', 'Sending the mail: the answer to the whole mail is none of SMTP');
  return serverMessageId?.replace(/^<|>$/g, '') ?? null;
}
