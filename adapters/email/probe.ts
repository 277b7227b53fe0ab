import type { Health } from '#contract';
import { type Context, inSession } from './imap/client.ts';
import { foldersToRead, specialFolder } from './imap/folders.ts';

/** Logs in and looks, without changing anything. */
export async function probe(ctx: Context): Promise<Health> {
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
    return { detail: detail.filter(Boolean).join(' ') };
  });
}
