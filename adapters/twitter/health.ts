import { ChannelError, type Health } from '#contract';
import { fieldsOf, idOf, listOf, textOf } from '../_meta/json.ts';
import { type Speaker, speaker } from './access.ts';
import { callAs, x } from './call.ts';
import { scopesOf } from './connect.ts';
import { bookReads, leftOf, readLedger, refillOf } from './cost.ts';
import { gapWarnings } from './gap.ts';
import type { Context } from './settings.ts';

const WHAT = 'Memeriksa akun X';

/** Looks only: whose credentials these are, what they may, and what is left of the month's money. */
export async function checkHealth(ctx: Context): Promise<Health> {
  const me = fieldsOf((await x(ctx, { what: WHAT, path: 'users/me' })).data);
  const id = idOf(me.id);
  if (!id) throw new ChannelError('retry', `${WHAT}: jawaban X tanpa nomor akun`);
  await bookReads(ctx, [{ id: `user ${id}`, price: ctx.settings.cost.prices.userRead }]);
  const left = leftOf(await readLedger(ctx), ctx.settings);
  const money = left === null ? 'Tanpa batas anggaran.' : `Sisa anggaran bulan ini US$${left.toFixed(2)}.`;
  const warnings = [
    ...identity(id, textOf(me.username) ?? '', ctx),
    ...missing(await speaker(ctx), ctx),
    ...scarce(left, ctx),
    ...(await gapWarnings(ctx)),
  ];
  return { detail: [`Akun X @${textOf(me.username) ?? id} menjawab. ${money}`, ...warnings].join(' '), warnings };
}

function identity(id: string, username: string, { channel, settings }: Context): string[] {
  if (id !== channel.account)
    return [
      `Token ini milik akun ${id} (@${username}), bukan akun ${channel.account} di berkas kanal. Hubungkan lagi.`,
    ];
  if (username && username.toLowerCase() !== settings.username.toLowerCase())
    return [`Nama akun sekarang @${username}; perbarui username di berkas kanal.`];
  return [];
}

function missing({ pair }: Speaker, { settings }: Context): string[] {
  if (!pair?.scope) return [];
  const given = pair.scope.split(' ');
  const lacking = scopesOf(settings).filter(({ name }) => !given.includes(name));
  return lacking.map(({ name, without }) => `Token tidak punya izin ${name}: ${without}. Hubungkan akun lagi.`);
}

function scarce(left: number | null, ctx: Context): string[] {
  const { monthly, prices } = ctx.settings.cost;
  if (left === null || monthly === null || left > monthly / 10) return [];
  const until = refillOf(ctx).toISOString().slice(0, 10);
  const replies = prices.reply > 0 ? `, cukup untuk ${Math.floor(left / prices.reply)} jawaban tanpa tautan` : '';
  return [`Anggaran X hampir habis: US$${left.toFixed(2)} sampai ${until}${replies}.`];
}

/** The same, and a webhook that X has switched off is made valid again (X API, "Webhooks": PUT asks for the CRC). */
async function run(ctx: Context): Promise<Health> {
  const found = await checkHealth(ctx);
  const fault = await webhookFault(ctx);
  if (!fault) return found;
  return { ...found, detail: `${found.detail} ${fault}`, warnings: [...(found.warnings ?? []), fault] };
}

async function webhookFault(ctx: Context): Promise<string | null> {
  const { webhook, bearer } = ctx.settings;
  if (!webhook || !bearer) return null;
  const app = { tokens: await ctx.secret(bearer) };
  const what = 'Memeriksa webhook X';
  const { data } = await callAs(ctx, app, { what, path: 'webhooks' });
  const found = listOf(data)
    .map(fieldsOf)
    .find(({ id }) => idOf(id) === webhook);
  if (!found) return `Webhook ${webhook} tidak ada lagi di X. Daftarkan lagi, lalu perbarui webhook di berkas kanal.`;
  if (found.valid !== false) return null;
  try {
    await callAs(ctx, app, { what, method: 'PUT', path: 'webhooks/:id', params: { id: webhook } });
  } catch (error) {
    if (!(error instanceof ChannelError) || error.kind !== 'refused') throw error;
    return 'Webhook X mati, dan X tidak mendapat jawaban yang benar dari hub. Periksa alamatnya dan API key secret di hub.yaml. Pembacaan berkala tetap jalan.';
  }
  return 'Webhook X sempat dimatikan dan dinyalakan lagi. Bila terulang, periksa apakah alamat hub dapat dijangkau dari luar.';
}

export const care = { every: '24h', run };
