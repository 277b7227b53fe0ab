import { ChannelError } from '#contract';
import { type Context, dataOf, graph } from './graph.ts';
import { fieldsOf, idOf, listOf } from './json.ts';

/**
 * Three layers have to agree before anything is delivered, and none of them says when it is missing: the app's own
 * subscription to a kind of object, the app in Live mode with its permissions, and the account's subscription to the app
 * (Meta, "Webhooks for Pages").
 */
export interface Wanted {
  /** `page`, `instagram` or `whatsapp_business_account`. */
  object: string;
  /** Fields at the app; the asset's are the same unless given. */
  fields: readonly string[];
  /** Such as `/104000000000001/subscribed_apps`. */
  assetPath: string;
  /** What the asset subscribes to; absent: its edge takes no fields. */
  assetFields?: readonly string[];
}

const WHAT = 'Memeriksa langganan webhook';

/** What is missing at the app itself; only a person can mend that, in the dashboard. In Indonesian. */
export async function appLayer(ctx: Context, wanted: Wanted): Promise<string[]> {
  const { appId, appSecret } = ctx.settings;
  const token = `${appId}|${await ctx.secret(appSecret)}`;
  const answer = await graph(ctx, { what: WHAT, path: `/${appId}/subscriptions`, token, background: true });
  const found = dataOf(answer, WHAT).find((one) => one.object === wanted.object);
  if (!found)
    return [`Aplikasi belum berlangganan objek "${wanted.object}": tambahkan di dasbor aplikasi, bagian Webhooks.`];
  if (found.active === false)
    return [`Langganan aplikasi untuk "${wanted.object}" tidak aktif: simpan ulang di dasbor, bagian Webhooks.`];
  const missing = without(wanted.fields, namesIn(found.fields));
  return missing.length > 0 ? [`Bidang webhook belum dipilih di dasbor aplikasi: ${missing.join(', ')}.`] : [];
}

export interface AssetState {
  subscribed: boolean;
  has: string[];
  lacking: string[];
}

/** What the account's own subscription to the app holds, and lacks. */
export async function assetLayer(ctx: Context, wanted: Wanted): Promise<AssetState> {
  const answer = await graph(ctx, {
    what: WHAT,
    path: wanted.assetPath,
    ...(wanted.assetFields && { query: { fields: 'id,name,subscribed_fields' } }),
    background: true,
  });
  const ours = dataOf(answer, WHAT).find((one) => appOf(one) === ctx.settings.appId);
  const has = namesIn(ours?.subscribed_fields);
  return { subscribed: ours !== undefined, has, lacking: without(wanted.assetFields ?? [], has) };
}

/** WhatsApp wraps the app one level deeper. */
const appOf = (one: Readonly<Record<string, unknown>>): string | undefined =>
  idOf(one.id) ?? idOf(fieldsOf(one.whatsapp_business_api_data).id);

/** The list replaces what stood there, and another channel may share the account: what it had stays. */
export async function repairAsset(
  ctx: Context,
  { assetPath, assetFields }: Wanted,
  has: readonly string[],
): Promise<void> {
  const fields = assetFields && [...new Set([...has, ...assetFields])];
  const answer = await graph(ctx, {
    what: 'Berlangganan webhook',
    method: 'POST',
    path: assetPath,
    ...(fields && { form: { subscribed_fields: fields.join(',') } }),
  });
  if (answer.success !== true) throw new ChannelError('retry', 'Berlangganan webhook: Meta tidak membenarkannya');
  ctx.log.warn({ channel: ctx.channel.id }, 'meta: the account was subscribed to the app again');
}

const without = (wanted: readonly string[], has: readonly string[]): string[] =>
  wanted.filter((name) => !has.includes(name));

/** The app's list holds objects, the asset's plain names. */
const namesIn = (fields: unknown): string[] =>
  listOf(fields).map((one) => (typeof one === 'string' ? one : (idOf(fieldsOf(one).name) ?? '')));
