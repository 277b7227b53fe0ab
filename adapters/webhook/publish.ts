import { z } from 'zod';
import type { Finding, Forwarding, Reply, ReplyFile, StatusChange } from '#contract';
import { ChannelError, httpError, SURFACES } from '#contract';
import { ask, type Context, readAs } from './client.ts';
import type { Settings } from './settings.ts';
import { signature } from './webhook.ts';

const maxChars = 10_000;

export const publish = {
  maxChars,
  surfaces: SURFACES,
  attachments: { maxCount: 10, maxBytes: 10 * 1024 * 1024, mimes: ['image/jpeg', 'image/png', 'application/pdf'] },
  settleAfter: '5s',
  idempotency: ({ idempotency }: Settings) => idempotency,
  send,
};

const id = z.union([z.string().min(1), z.int()]).transform(String);
// A permalink that is no address must not make us doubt what the id proves.
const proof = z.object({ id, permalink: z.url().optional().catch(undefined) });
const list = z.object({ items: z.array(z.unknown()) });
const published = ({ id, permalink }: z.infer<typeof proof>) => ({ publishedId: id, ...(permalink && { permalink }) });

const repliesUrl = ({ callbackUrl, baseUrl }: Settings): string => callbackUrl ?? `${baseUrl}/replies`;

async function send(
  { attempt: _, firstAttemptAt: __, uncertainSince: ___, target, files, ...reply }: Reply,
  ctx: Context,
) {
  if (reply.text.length > maxChars) throw new ChannelError('refused', 'The text is too long', { reason: 'content' });
  return post(ctx, 'Publishing the reply', repliesUrl(ctx.settings), { ...reply, ...idsOf(target) }, files);
}

export async function pushStatus(
  { attempt: _, firstAttemptAt: __, uncertainSince: ___, target, ...change }: StatusChange,
  ctx: Context,
) {
  return post(ctx, 'Sending the status', `${ctx.settings.baseUrl}/statuses`, { ...change, ...idsOf(target) });
}

export async function forward(
  { attempt: _, firstAttemptAt: __, uncertainSince: ___, files, ...report }: Forwarding,
  ctx: Context,
) {
  return post(ctx, 'Forwarding the report', `${ctx.settings.baseUrl}/reports`, report, files);
}

const idsOf = ({ objectId, threadId }: Reply['target']) => ({ objectId, threadId });

/** The one request that publishes, signed. 409 is the application's word for "this key stands here", with its id. */
async function post(ctx: Context, what: string, url: string, about: { key: string }, files: readonly ReplyFile[] = []) {
  const bytes = Buffer.from(JSON.stringify({ ...about, files: await Promise.all(files.map(inline)) }));
  const response = await ask(ctx, { method: 'POST', url, bytes, headers: await signed(ctx, about.key, bytes) });
  const failure = httpError(response, ctx.now(), what);
  if (failure && !(response.status === 409 && ctx.settings.idempotency === 'native')) throw failure;
  return published(readAs(proof, response, what));
}

const inline = async (file: ReplyFile) => {
  const base64 = Buffer.from(await file.bytes()).toString('base64');
  return { name: file.name, mime: file.mime, base64 };
};

async function signed(ctx: Context, key: string, bytes: Uint8Array): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(ctx.now().getTime() / 1_000));
  const proof = signature(await ctx.secret(ctx.settings.signingSecret), key, timestamp, bytes);
  const standard = { 'webhook-id': key, 'webhook-timestamp': timestamp, 'webhook-signature': proof };
  return { ...standard, 'idempotency-key': key, 'content-type': 'application/json' };
}

/** Only an entry with our key is ours: someone else may have written the same words. */
export async function reconcile({ key }: Reply, ctx: Context): Promise<Finding> {
  const response = await ask(ctx, { url: repliesUrl(ctx.settings), query: { key } });
  if (response.status === 404) return 'absent';
  const listed = response.status === 200 ? list.safeParse(response.json()).data : undefined;
  const ours = proof.extend({ key: z.literal(key) });
  const found = listed?.items.map((entry) => ours.safeParse(entry)).find((entry) => entry.success);
  if (found) return { found: published(found.data) };
  // Entries, but none of ours: this application does not filter by key, and ours may stand further down.
  return listed?.items.length === 0 ? 'absent' : 'unknown';
}
