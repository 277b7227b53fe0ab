import { z } from 'zod';
import { ChannelError, type FetchedMedia, type Json } from '#contract';
import { filesIn } from './attachments.ts';
import { call } from './client.ts';
import { listAt } from './path.ts';
import { readReport } from './poll.ts';
import type { Context } from './settings.ts';

const WHAT = 'Fetching a file';
const MOST_BYTES = 25 * 1024 * 1024;
const fileRef = z.strictObject({ url: z.string(), report: z.string().optional(), id: z.string().optional() });

/** Addresses of files may have expired: then the report is read again, and gives another. */
export async function media(given: Json, ctx: Context): Promise<FetchedMedia> {
  const ref = fileRef.safeParse(given);
  if (!ref.success) throw stray();
  try {
    return await fetchFile(ctx, ref.data.url);
  } catch (error) {
    const fresh = isGone(error) ? await freshUrl(ctx, ref.data).catch(() => undefined) : undefined;
    if (fresh === undefined || fresh === ref.data.url) throw error;
    return fetchFile(ctx, fresh);
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof ChannelError && (error.reason === 'gone' || error.reason === 'forbidden');

const stray = () => new ChannelError('refused', `${WHAT}: no address of the portal`, { reason: 'invalid' });

async function fetchFile(ctx: Context, url: string): Promise<FetchedMedia> {
  const { origin } = new URL(ctx.settings.baseUrl);
  const address = URL.parse(url, `${ctx.settings.baseUrl}/`);
  if (address?.origin !== origin) throw stray();
  const request = { path: '/', headers: { accept: '*/*' } };
  const { bytes, headers } = await call(ctx, WHAT, request, {}, { url: address.href, maxBytes: MOST_BYTES });
  return { bytes, mime: headers['content-type'] ?? 'application/octet-stream' };
}

async function freshUrl(ctx: Context, { report, id }: z.infer<typeof fileRef>): Promise<string | undefined> {
  if (report === undefined || id === undefined || ctx.settings.details.length === 0) return undefined;
  const { map, entries } = ctx.settings;
  const read = await readReport(ctx, report, null);
  const below = entries.flatMap((one) => {
    const holder = one.of === undefined ? read?.root : read?.details[one.of];
    return listAt(holder, one.from).flatMap((entry) => filesIn(one.attachments, entry, {}));
  });
  const all = read ? [...filesIn(map.attachments, read.root, read.details), ...below] : [];
  return all.find((file) => file.id === id)?.url;
}
