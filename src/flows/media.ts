import { ChannelError, type FetchedMedia } from '#contract';
import type { Channel } from '../config/load.ts';
import { backoff } from '../core/afterSend.ts';
import { storable } from '../core/text.ts';
import { download } from '../platform/download.ts';
import { sniff } from '../platform/files.ts';
import { safeName } from '../platform/safeName.ts';
import { claimAttachments, failAttachment, storeAttachment } from '../store/attachments.ts';
import { itemAbout } from '../store/items.ts';
import type { Attachment } from '../store/schema.ts';
import type { SealedSource } from './apply/rows.ts';
import { channelContext } from './context.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { jobOf } from './normalise.ts';
import { readerOf } from './reader.ts';

const BATCH = 4;
const FETCH_LIMIT_MS = 60_000;
const LEASE_MS = 120_000;
const MAX_TRIES = 6;

/** Fetches and stores what the messages of a channel have attached. An attachment that fails never fails its message. */
export async function drainMedia(deps: FlowDeps, channelId: string): Promise<void> {
  const channel = findChannel(deps.config, channelId);
  if (!channel) return;
  while (!deps.signal.aborted) {
    const claimed = await claimAttachments(deps.db, channelId, BATCH, LEASE_MS);
    if (claimed.length === 0) return;
    const [inside, elsewhere] = [true, false].map((wanted) => claimed.filter((one) => isInside(deps, one) === wanted));
    const takeOut = async () => {
      // One after the other: each holds its whole raw item in memory.
      for (const attachment of inside ?? []) await fetchOne(deps, channel, attachment);
    };
    await Promise.all([takeOut(), ...(elsewhere ?? []).map((attachment) => fetchOne(deps, channel, attachment))]);
  }
}

function sourceOf(deps: FlowDeps, { source_sealed }: Attachment): SealedSource {
  if (!source_sealed) throw refused('nothing says where its content is');
  return deps.keyring.decryptJson(source_sealed, 'attachment') as SealedSource;
}

function isInside(deps: FlowDeps, attachment: Attachment): boolean {
  try {
    return sourceOf(deps, attachment).inside !== undefined;
  } catch {
    return false; // fetchOne says why
  }
}

async function fetchOne(deps: FlowDeps, channel: Channel, attachment: Attachment): Promise<void> {
  try {
    const media = await fetchMedia(deps, channel, attachment);
    await store(deps, channel, attachment, media);
  } catch (error) {
    const reason = storable(deps.scrub((error as Error).message)).slice(0, 500);
    const final = error instanceof ChannelError && error.kind === 'refused';
    if (final) await failAttachment(deps.db, attachment.id, { state: 'refused', reason, afterMs: 0 });
    else if (attachment.tries >= MAX_TRIES)
      await failAttachment(deps.db, attachment.id, { state: 'failed', reason, afterMs: 0 });
    else await retryLater(deps, channel, attachment, reason);
  }
}

async function retryLater(deps: FlowDeps, channel: Channel, attachment: Attachment, reason: string): Promise<void> {
  const afterMs = backoff(attachment.tries);
  await failAttachment(deps.db, attachment.id, { state: 'waiting', reason, afterMs });
  void deps.wake('media', channel.id, afterMs);
}

async function fetchMedia(deps: FlowDeps, channel: Channel, attachment: Attachment): Promise<FetchedMedia> {
  const { maxBytes, allowHosts } = deps.config.hub.policies.attachments;
  const source = sourceOf(deps, attachment);
  if (source.size !== undefined && source.size > maxBytes) throw tooLarge(source.size, maxBytes);
  const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(FETCH_LIMIT_MS)]);
  if (source.base64 !== undefined) return { bytes: Buffer.from(source.base64, 'base64') };
  if (source.url !== undefined) return download(source.url, { maxBytes, signal, allowHosts });
  if (source.inside !== undefined) return extract(deps, channel, source);
  const { media } = deps.adapters[channel.adapter]!;
  if (source.ref === undefined || !media) throw refused('the adapter cannot fetch it');
  return media(source.ref, channelContext(deps, channel, { signal }));
}

/** Out of the raw item as it is stored, in a worker thread. What cannot be read there today cannot be tomorrow. */
async function extract(deps: FlowDeps, channel: Channel, { inside, from }: SealedSource): Promise<FetchedMedia> {
  const row = from === undefined ? undefined : await itemAbout(deps.db, from);
  const found = row && (await readerOf(deps, channel).open([row.id])).get(row.id);
  if (!found || inside === undefined) throw refused('the raw item that it is in is gone');
  if ('reason' in found) throw refused(found.reason);
  const job = jobOf(channel, found.raw, row!.received_at, deps.keyring.tokenKeys(channel.id));
  const result = await deps.normaliser.extract({ ...job, inside });
  if (!result.ok) throw refused(result.reason);
  return result.media;
}

async function store(deps: FlowDeps, channel: Channel, attachment: Attachment, media: FetchedMedia): Promise<void> {
  const { maxBytes } = deps.config.hub.policies.attachments;
  if (media.bytes.length > maxBytes) throw tooLarge(media.bytes.length, maxBytes);
  // What it is decides the type, not what it says it is.
  const mime = (await sniff(media.bytes)) ?? media.mime ?? attachment.mime ?? null;
  const name = safeName(attachment.name || media.name, mime ?? 'application/octet-stream');
  const { sha256, size } = await readerOf(deps, channel).keepFile(media.bytes);
  await storeAttachment(deps.db, attachment.id, { name, mime, size, sha256 });
}

const refused = (message: string) => new ChannelError('refused', message, { reason: 'invalid' });
const tooLarge = (size: number, max: number) =>
  refused(`${size} bytes are more than the ${max} that policies.attachments.maxBytes of hub.yaml allows`);
