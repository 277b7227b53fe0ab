import type { Health } from '#contract';
import { warningDays } from '../_meta/token.ts';
import { accessToken, listIn, tiktok } from './api.ts';
import { SCOPES } from './connect.ts';
import type { Context } from './settings.ts';

const WHAT = 'Memeriksa akun TikTok';

/** Looks only: the token, its permissions, and whether the account's videos can be read. */
export async function checkHealth(ctx: Context): Promise<Health> {
  const token = await accessToken(ctx);
  const query = { business_id: ctx.channel.account, fields: ['item_id', 'comments'], max_count: 1 };
  const data = await tiktok(ctx, { what: WHAT, path: '/business/video/list/', query });
  const any = listIn(data, 'videos', WHAT).length > 0;
  const expiresAt = token.ends === undefined ? undefined : new Date(token.ends);
  const days = expiresAt && warningDays(expiresAt, ctx.now());
  const has = token.scope.split(' ').filter(Boolean);
  const missing = has.length > 0 ? SCOPES.filter(({ name }) => !has.includes(name)) : [];
  const warnings = [
    ...(days
      ? [`Izin TikTok berakhir pada ${token.ends?.slice(0, 10)}, paling lama ${days} hari lagi. Hubungkan akun lagi.`]
      : []),
    ...missing.map(
      ({ name, without }) => `Izin ${name} belum ada: ${without}. Hubungkan akun lagi dan setujui izin itu.`,
    ),
  ];
  const detail = any ? 'Akun TikTok menjawab.' : 'Akun TikTok menjawab, tetapi belum punya video.';
  return { detail: [detail, ...warnings].join(' '), warnings, ...(expiresAt && { expiresAt }) };
}
