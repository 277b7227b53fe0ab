import type { ChannelContext } from '#contract';
import { refusedLogin } from '../oauth/token.ts';
import type { Settings } from '../settings.ts';
import { type SmtpFailure, sendError } from './errors.ts';
import { SmtpSession } from './session.ts';
import type { SmtpSettings } from './settings.ts';
import { loginOf } from './transmit.ts';

const FILED: Record<SmtpSettings['sentCopies'], string> = {
  provider: 'Salinan surat terkirim disimpan oleh server; kiriman yang meragukan dicari di sana.',
  hub: 'Salinan surat terkirim disimpan oleh hub; kiriman yang meragukan diputuskan petugas.',
  none: 'Salinan surat terkirim tidak disimpan; kiriman yang meragukan diputuskan petugas.',
};

/** Logs in at the server of outgoing mail, and sends nothing. What was found, for operators. */
export async function checkSmtp(smtp: SmtpSettings, ctx: ChannelContext<Settings>): Promise<string> {
  const { login, token } = await loginOf(smtp, ctx);
  const session = await SmtpSession.open(smtp, ctx, login).catch(async (error: unknown) => {
    const failure = sendError({ ...(error as Omit<SmtpFailure, 'stage'>), stage: 'before' });
    throw await refusedLogin(ctx, token, failure);
  });
  await session.close();
  return `Server surat keluar menerima login. ${FILED[smtp.sentCopies]}`;
}
