import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelError, type ReplyFile } from '#contract';
import { type Fields, fieldsOf, idOf } from '../_meta/json.ts';
import { x } from './call.ts';
import type { Context } from './settings.ts';

const WHAT = 'Mengunggah lampiran';
/** X takes pieces of at most about 5 MB. */
const PIECE = 4 * 1024 * 1024;
const MOST_LOOKS = 20;

/**
 * Puts a file at X in its four steps (X API, "Media upload": initialize, append, finalize, status). Gives its id. None of
 * them publishes anything: whatever fails here, nothing was sent.
 */
export async function upload(ctx: Context, file: ReplyFile, kind: 'tweet' | 'dm'): Promise<string> {
  try {
    return await steps(ctx, file, kind);
  } catch (error) {
    if (ctx.signal.aborted) throw new ChannelError('retry', `${WHAT}: waktunya habis`, { nothingSent: true });
    if (!(error instanceof ChannelError) || error.kind !== 'retry') throw error;
    throw new ChannelError('retry', error.message, { nothingSent: true, ...(error.code && { code: error.code }) });
  }
}

async function steps(ctx: Context, file: ReplyFile, kind: 'tweet' | 'dm'): Promise<string> {
  const bytes = Buffer.from(await file.bytes());
  const about = {
    ...{ media_type: file.mime, total_bytes: bytes.length },
    media_category: `${kind}_${file.mime === 'image/gif' ? 'gif' : 'image'}`,
  };
  const id = idOf(
    dataOf(await x(ctx, { what: WHAT, method: 'POST', path: 'media/upload/initialize', body: about })).id,
  );
  if (!id) throw new ChannelError('retry', `${WHAT}: jawaban X tanpa nomor`);
  const params = { id };
  for (let from = 0, n = 0; from < bytes.length; from += PIECE, n++) {
    const body = { segment_index: n, media: bytes.subarray(from, from + PIECE) };
    await x(ctx, { what: WHAT, method: 'POST', path: 'media/upload/:id/append', params, body, parts: true });
  }
  const done = await x(ctx, { what: WHAT, method: 'POST', path: 'media/upload/:id/finalize', params });
  await processed(ctx, id, dataOf(done));
  return id;
}

const dataOf = ({ data }: Fields): Fields => fieldsOf(data);

/** Some files are worked on for a while. */
async function processed(ctx: Context, id: string, first: Fields): Promise<void> {
  let info = fieldsOf(first.processing_info);
  for (let looks = 0; info.state !== undefined && info.state !== 'succeeded'; looks++) {
    if (info.state === 'failed')
      throw new ChannelError('refused', `${WHAT}: X menolak berkas ini`, { reason: 'content' });
    if (looks >= MOST_LOOKS) throw new ChannelError('retry', `${WHAT}: X belum selesai mengolah berkas`);
    await sleep(Math.min(Number(info.check_after_secs ?? 1), 5) * 1_000, undefined, { signal: ctx.signal });
    const query = { command: 'STATUS', media_id: id };
    info = fieldsOf(dataOf(await x(ctx, { what: WHAT, path: 'media/upload', query })).processing_info);
  }
}
