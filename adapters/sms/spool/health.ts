import { join } from 'node:path';
import type { Health } from '#contract';
import type { GammuContext } from '../settings.ts';
import { names, timesOf, within, writable } from './files.ts';
import { inboxName } from './names.ts';

/** Are the folders there and ours to use, and does the modem take what lies in the outbox? */
export const inspect = (ctx: GammuContext): Promise<Health> =>
  within('Memeriksa folder modem', async () => {
    const { inbox, outbox, sent, error, stuckAfter } = ctx.settings;
    for (const folder of [inbox, outbox]) await writable(folder);
    for (const folder of [sent, error]) await names(folder);
    const waiting = (await names(outbox)).filter((name) => /^out.*\.(txt|smsbackup)/i.test(name));
    const times = await Promise.all(waiting.map((name) => timesOf(join(outbox, name))));
    const oldest = Math.min(...times.map((one) => one?.ctimeMs ?? Number.POSITIVE_INFINITY));
    const stuck = ctx.now().getTime() - oldest > stuckAfter;
    const unread = (await names(inbox)).filter((name) => name.startsWith('IN') && !inboxName(name)).length;
    const warnings = [
      ...(stuck
        ? [`${waiting.length} SMS menunggu terlalu lama di ${outbox}: periksa modem, pulsa, dan gammu-smsd.`]
        : []),
      ...(unread > 0
        ? [`${unread} berkas di ${inbox} tidak dapat dibaca: tulis InboxFormat = unicode di gammu-smsdrc.`]
        : []),
    ];
    const detail = `Folder modem dapat dipakai; ${waiting.length} SMS menunggu dikirim.`;
    return { detail, ...(warnings.length > 0 && { warnings }) };
  });
