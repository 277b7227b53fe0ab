import { createHash } from 'node:crypto';
import { ChannelError, type FetchedMedia, type Json } from '#contract';
import { bearerOf } from '../_meta/bearer.ts';
import { failureOf, graph } from '../_meta/graph.ts';
import { fieldsOf, idOf, textOf, urlOf } from '../_meta/json.ts';
import { isMediaHost } from '../_meta/media.ts';
import type { Context } from './context.ts';
import { WHATSAPP_ERRORS } from './errors.ts';

const WHAT = 'Mengambil lampiran WhatsApp';
const MAX_BYTES = 100 * 1024 * 1024;

/**
 * Its number gives an address for five minutes, and the address wants the token, too (Meta, "Cloud API: media"). One that
 * ended on the way is asked for once more.
 */
export async function media(ref: Json, ctx: Context): Promise<FetchedMedia> {
  const { media: given, sha256 } = fieldsOf(ref);
  const id = idOf(given);
  if (!id || !/^[\w-]{1,100}$/.test(id))
    throw new ChannelError('refused', `${WHAT}: nomor lampirannya tidak dikenal`, { reason: 'invalid' });
  const fetched = (await fetchOnce(id, ctx)) ?? (await fetchOnce(id, ctx));
  if (!fetched) throw new ChannelError('refused', `${WHAT}: lampirannya sudah tidak ada`, { reason: 'gone' });
  if (!hasDigest(fetched.bytes, textOf(sha256)))
    ctx.log.warn({ channel: ctx.channel.id, media: id }, 'whatsapp: a file differs from its announced digest');
  return fetched;
}

/** `null`: the address has ended. */
async function fetchOnce(id: string, ctx: Context): Promise<FetchedMedia | null> {
  const query = { phone_number_id: ctx.channel.account };
  const about = await graph(ctx, { what: WHAT, path: `/${id}`, query, table: WHATSAPP_ERRORS });
  const url = urlOf(about.url);
  if (!url || !isMediaHost(new URL(url), ctx.settings.mediaHosts))
    throw new ChannelError('refused', `${WHAT}: alamatnya bukan milik Meta`, { reason: 'invalid' });
  const headers = { authorization: `Bearer ${await bearerOf(ctx)}` };
  const response = await ctx.http({ url, headers, maxBytes: MAX_BYTES });
  if (response.status === 404 || response.status === 410) return null;
  const failure = response.status >= 400 && failureOf(ctx, { what: WHAT, table: WHATSAPP_ERRORS }, response);
  if (failure) throw failure;
  const mime = textOf(about.mime_type) ?? response.headers['content-type'];
  return { bytes: response.bytes, ...(mime && { mime: mime.split(';')[0]!.trim() }) };
}

/** Announced in base64 or in hexadecimal, depending on where it stands. */
function hasDigest(bytes: Uint8Array, announced: string | undefined): boolean {
  if (!announced) return true;
  const digest = createHash('sha256').update(bytes).digest();
  return [digest.toString('base64'), digest.toString('hex')].includes(announced);
}
