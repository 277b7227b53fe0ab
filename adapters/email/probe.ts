import type { ImapFlow } from 'imapflow';
import type { Health } from '#contract';
import { type Context, inSession } from './imap/client.ts';
import { foldersToRead, specialFolder } from './imap/folders.ts';
import { checkSmtp } from './smtp/probe.ts';

/** Logs in and looks, on the way in and on the way out, without changing anything. */
export async function probe(ctx: Context): Promise<Health> {
  const { smtp } = ctx.settings;
  const { detail: mailbox, certificateExpiresAt } = await lookInside(ctx);
  const out = smtp
    ? await checkSmtp(smtp, ctx)
    : 'Surat keluar belum diatur (`smtp`), jadi kotak surat ini hanya dibaca.';
  return { detail: `${mailbox} ${out}`, ...(certificateExpiresAt && { certificateExpiresAt }) };
}

function lookInside(ctx: Context): Promise<Pick<Health, 'detail' | 'certificateExpiresAt'>> {
  return inSession(ctx, 'Checking the mailbox', async ({ client }) => {
    const { folders } = ctx.settings;
    const read = await foldersToRead(client, ctx.settings);
    const box = await client.mailboxOpen(folders.inbox, { readOnly: true });
    const junk = read.find((one) => one.role === 'junk')?.path;
    const sent = folders.sent ?? (await specialFolder(client, '\\Sent'));
    const detail = [
      `Kotak surat terbuka: ${box.exists} surat di ${folders.inbox}.`,
      junk ? `Folder dugaan spam ${junk} ikut dibaca.` : 'Tidak ada folder dugaan spam yang dibaca.',
      sent ? `Surat terkirim ada di ${sent}.` : 'Tidak ada folder surat terkirim.',
      client.capabilities.has('IDLE') ? '' : 'Server tidak memberi kabar surat baru; dijemput berkala.',
    ];
    const end = certificateEnd(client);
    return { detail: detail.filter(Boolean).join(' '), ...(end && { certificateExpiresAt: end }) };
  });
}

/** Of the server's certificate. The session is over afterwards: the library only shows its socket when it gives it away. */
function certificateEnd(client: ImapFlow): Date | undefined {
  const { socket } = client.unbind();
  socket.destroy();
  const { getPeerCertificate } = socket as { getPeerCertificate?(): { valid_to?: string } };
  const end = getPeerCertificate?.call(socket).valid_to;
  return end ? new Date(end) : undefined;
}
