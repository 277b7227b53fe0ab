import { type AttachmentSource, ChannelError, type FetchedMedia, type HttpResponse, type Json } from '#contract';
import { type Context, failureOf, graph } from './graph.ts';
import { type Fields, fieldsOf, idOf, listOf, textOf, urlOf } from './json.ts';

/** A file at a signed address that soon ends; `of`: the comment or post that can be asked for a new one. */
export const fileAt = (url: string, name?: string, of?: string): AttachmentSource => ({
  ref: { url, ...(of && { of }) },
  ...(name && { name }),
});

const WHAT = 'Mengambil lampiran';
const MAX_BYTES = 25 * 1024 * 1024;

/** Without the token: the address is signed. One that has ended is asked for anew where its comment or post is known. */
export async function media(ref: Json, ctx: Context): Promise<FetchedMedia> {
  const { url, of } = fieldsOf(ref);
  try {
    return await fetchFile(ctx, url);
  } catch (error) {
    const object = idOf(of);
    if (!(error instanceof ChannelError) || error.kind !== 'refused' || error.code === STRAY || !object) throw error;
    return fetchFile(ctx, await freshUrl(ctx, object));
  }
}

async function fetchFile(ctx: Context, given: unknown): Promise<FetchedMedia> {
  const url = urlOf(given);
  if (!url || !isMediaHost(new URL(url), ctx.settings.mediaHosts))
    throw new ChannelError('refused', `${WHAT}: alamatnya bukan milik Meta`, { reason: 'invalid', code: STRAY });
  const response = await ctx.http({ url, maxBytes: MAX_BYTES });
  if (response.status >= 400) throw errorOf(ctx, response);
  const mime = response.headers['content-type']?.split(';')[0]?.trim();
  return { bytes: response.bytes, ...(mime && { mime }) };
}

const STRAY = 'stray';

/** A signed address that has ended answers 403 or 404; what says a code of Graph means that. */
function errorOf(ctx: Context, response: HttpResponse): ChannelError {
  const error = failureOf(ctx, { what: WHAT }, response);
  if (response.status === 403 && error?.code === 'HTTP 403') return goneError();
  return error ?? goneError();
}

const goneError = () =>
  new ChannelError('refused', `${WHAT}: alamatnya sudah tidak berlaku`, { reason: 'gone', code: '403' });

export function isMediaHost({ host, hostname }: URL, hosts: readonly string[]): boolean {
  return hosts.some((one) => one === host || one === hostname || (one.startsWith('.') && hostname.endsWith(one)));
}

async function freshUrl(ctx: Context, object: string): Promise<string> {
  const fields =
    object.split('_').length > 2 || !object.includes('_') ? 'attachment' : 'attachment,attachments{media,url}';
  const answer = await graph(ctx, { what: WHAT, path: `/${encodeURIComponent(object)}`, query: { fields } });
  const [url] = pictures(answer);
  if (url) return url;
  throw goneError();
}

/** Addresses of pictures and videos in what Graph gives for a comment (`attachment`) or a post (`attachments`). */
export function pictures(node: Fields): string[] {
  const posts = listOf(fieldsOf(node.attachments).data).map(fieldsOf);
  const one = fieldsOf(node.attachment);
  return [one, ...posts].flatMap((attachment) => {
    const { image, source } = fieldsOf(attachment.media);
    return urlOf(textOf(source) ?? fieldsOf(image).src) ?? [];
  });
}
