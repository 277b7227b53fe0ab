import type { Health } from '#contract';
import { textAt } from './fields.ts';
import { read } from './gateway/client.ts';
import { page } from './gateway/inbox.ts';
import { type Context, type GatewayContext, isGammu, isGateway } from './settings.ts';
import { inspect } from './spool/health.ts';

/** Asks the gateway for what changes nothing, or looks into the folders of the modem. */
export async function probe(ctx: Context): Promise<Health> {
  if (isGateway(ctx)) return asked(ctx);
  return isGammu(ctx) ? inspect(ctx) : { detail: '' };
}

export const care = { every: '15m', run: probe };

async function asked(ctx: GatewayContext): Promise<Health> {
  const { check, inbox } = ctx.settings;
  if (check) return balanceOf(ctx, check);
  if (!inbox)
    return {
      detail: 'Gateway ini tidak punya alamat untuk diperiksa (settings.check): kuncinya terbukti saat mengirim.',
    };
  await page(null, ctx);
  return { detail: 'Gateway menjawab dan menerima kuncinya.' };
}

async function balanceOf(
  ctx: GatewayContext,
  check: NonNullable<GatewayContext['settings']['check']>,
): Promise<Health> {
  const body = await read(ctx, 'Memeriksa gateway SMS', check, {});
  const balance = textAt(body, check.balance);
  if (balance === undefined) return { detail: 'Gateway menjawab dan menerima kuncinya.' };
  const low = check.warnBelow !== undefined && Number(balance) < check.warnBelow;
  const detail = `Gateway menjawab. Sisa: ${balance.slice(0, 30)}.`;
  return { detail, ...(low && { warnings: [`Sisa di gateway SMS tinggal ${balance.slice(0, 30)}: isi ulang.`] }) };
}
