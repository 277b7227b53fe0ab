import { ChannelError, type FetchedMedia, type Json } from '#contract';
import { xBytes } from './call.ts';
import type { Context } from './settings.ts';

const PATH = /^\/2\/(dm_conversations\/media\/(?:[\w-]+\/)*[\w-]+(?:\.\w+)?)$/;
const WHAT = 'Mengambil lampiran pesan';

/** A picture of a direct message: only the account may see it. */
export async function media(ref: Json, ctx: Context): Promise<FetchedMedia> {
  const path = typeof ref === 'string' ? PATH.exec(ref)?.[1] : undefined;
  if (!path) throw new ChannelError('refused', `${WHAT}: alamatnya bukan milik X`, { reason: 'invalid' });
  const response = await xBytes(ctx, { what: WHAT, path });
  const mime = response.headers['content-type']?.split(';')[0];
  return { bytes: response.bytes, ...(mime && { mime }) };
}
