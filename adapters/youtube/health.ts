import type { Health } from '#contract';
import { accessToken, tokenHealth } from '../_google/access.ts';
import { textOf } from '../_meta/json.ts';
import { itemsOf, youtube } from './api.ts';
import { SCOPE } from './connect.ts';
import { leftOf, REPLY_UNITS, readLedger } from './quota.ts';
import type { Context } from './settings.ts';

const WHAT = 'Memeriksa kanal YouTube';

/** Looks only: the token, whose channel it speaks for, and what is left of the day's quota. */
export async function checkHealth(ctx: Context): Promise<Health> {
  const { warnings, ...about } = tokenHealth(ctx, await accessToken(ctx), SCOPE);
  const answer = await youtube(ctx, { what: WHAT, path: '/channels', query: { part: 'id,snippet', mine: 'true' } });
  const ids = itemsOf({ items: [], ...answer }, WHAT).map(({ id }) => textOf(id));
  const left = leftOf(await readLedger(ctx), ctx.settings);
  const replies = Math.floor(left / REPLY_UNITS);
  const other = ids.includes(ctx.channel.account)
    ? []
    : ['Token ini bukan milik kanal di berkas. Hubungkan lagi dan pilih kanal YouTube itu, bukan akun pribadi.'];
  const scarce = replies < 10 ? [`Sisa kuota YouTube hari ini hanya cukup untuk ${replies} balasan.`] : [];
  const all = [...warnings, ...other, ...scarce];
  const detail = `Kanal YouTube menjawab. Sisa kuota hari ini ${left} satuan, cukup untuk ${replies} balasan.`;
  return { detail: [detail, ...all].join(' '), warnings: all, ...about };
}
