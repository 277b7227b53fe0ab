import type { Health } from '#contract';
import { accessToken, tokenHealth } from '../_google/access.ts';
import { google } from '../_google/call.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../_meta/json.ts';
import { SCOPE } from './connect.ts';
import type { Context } from './settings.ts';

const MOST_PAGES = 20;
const PAGE_SIZE = 100;

/** Looks only: the token and its permission, and whether each location is there and may be answered for. */
export async function checkHealth(ctx: Context): Promise<Health> {
  const { warnings, ...about } = tokenHealth(ctx, await accessToken(ctx), SCOPE);
  const found = await locationsOf(ctx);
  const all = [...warnings, ...locationWarnings(ctx, found)];
  const count = ctx.settings.locations.filter(({ id }) => found.has(id)).length;
  const detail = `Akun Google menjawab: ${count} dari ${ctx.settings.locations.length} lokasi ditemukan.`;
  return { detail: [detail, ...all].join(' '), warnings: all, ...about };
}

/** Business Information API v1: names come without the account (`locations/4711`). */
async function locationsOf(ctx: Context): Promise<Map<string, Fields>> {
  const found = new Map<string, Fields>();
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await google(ctx, {
      what: 'Memeriksa lokasi',
      url: `${ctx.settings.infoBase}/v1/accounts/${ctx.channel.account}/locations`,
      query: { readMask: 'name,title,metadata', pageSize: PAGE_SIZE, pageToken: token },
    });
    for (const one of listOf(answer.locations).map(fieldsOf)) found.set(String(one.name).replace(/^.*\//, ''), one);
    token = textOf(answer.nextPageToken) || undefined;
    if (!token) break;
  }
  return found;
}

/** `hasVoiceOfMerchant`: the location is verified, and this account may speak for it. */
function locationWarnings({ settings }: Context, found: ReadonlyMap<string, Fields>): string[] {
  return settings.locations.flatMap(({ id, name }) => {
    const called = name ? `${id} (${name})` : id;
    const one = found.get(id);
    if (!one)
      return [`Lokasi ${called} tidak ada di akun ini. Periksa nomornya, atau jadikan akun ini pengelola lokasi itu.`];
    if (fieldsOf(one.metadata).hasVoiceOfMerchant === true) return [];
    return [`Lokasi ${called} belum diverifikasi di Google: ulasannya belum dapat dibaca atau dijawab.`];
  });
}

const TYPES = ['NEW_REVIEW', 'UPDATED_REVIEW'];

/** The same, and tells Google again where to announce reviews when that was lost (Notifications API v1). */
export async function lookAfter(ctx: Context): Promise<Health> {
  const health = await checkHealth(ctx);
  if (ctx.settings.topic === undefined) return health;
  const mended = await mendNotices(ctx, ctx.settings.topic);
  return mended ? { ...health, detail: `${health.detail} Pemberitahuan Pub/Sub dipasang lagi.` } : health;
}

/** One setting for each account: other types that somebody wants there stay. */
async function mendNotices(ctx: Context, topic: string): Promise<boolean> {
  const name = `accounts/${ctx.channel.account}/notificationSetting`;
  const call = { what: 'Memeriksa pemberitahuan', url: `${ctx.settings.noticeBase}/v1/${name}` };
  const now = await google(ctx, call);
  const types = listOf(now.notificationTypes).map(String);
  if (now.pubsubTopic === topic && TYPES.every((one) => types.includes(one))) return false;
  const query = { updateMask: 'pubsubTopic,notificationTypes' };
  const json = { name, pubsubTopic: topic, notificationTypes: [...new Set([...types, ...TYPES])] };
  await google(ctx, { ...call, what: 'Memasang pemberitahuan', method: 'PATCH', query, json });
  return true;
}
