import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { type AnyAdapter, type Item, item } from '#contract';
import { adapterSource } from './adapterSource.ts';
import { cleanHtml } from './html.ts';
import type { ExtractJob, ExtractResult, NormaliseJob, NormaliseResult } from './normaliseJob.ts';
import { createTokens } from './tokens.ts';
import { transferable } from './transfer.ts';

/** Runs `normalise` and `extract` of adapters. One batch a message, in and out. */
const adapterOf = await adapterSource(workerData.registry);

const adapters = new Map<string, AnyAdapter | undefined>();

parentPort?.on('message', async (jobs: (NormaliseJob | ExtractJob)[]) => {
  try {
    for (const { adapter } of jobs) if (!adapters.has(adapter)) adapters.set(adapter, await adapterOf(adapter));
  } catch (error) {
    // That an adapter cannot be loaded is no item's fault.
    parentPort?.postMessage({ unable: String((error as Error).message) });
    return;
  }
  const results: (NormaliseResult | ExtractResult)[] = [];
  for (const job of jobs) results.push(await ('inside' in job ? extract(job) : normalise(job)));
  parentPort?.postMessage(
    results,
    transferable(results.map((one) => (one.ok && 'media' in one ? one.media.bytes : null))),
  );
});
parentPort?.postMessage('ready');

async function normalise(job: NormaliseJob): Promise<NormaliseResult> {
  try {
    if (job.entered) return { ok: true, item: item.parse(JSON.parse(String(job.raw))) };
    const adapter = adapters.get(job.adapter);
    if (!adapter) return { ok: false, reason: `there is no adapter "${job.adapter}"` };
    const { channel, settings, receivedAt } = job;
    const { verify } = createTokens(job.tokenKeys);
    const found = await adapter.normalise(job.raw, { channel, settings, receivedAt, tokens: { verify } });
    if (found === null) return { ok: true, item: null };
    const checked = item.safeParse(found);
    if (checked.success) return { ok: true, item: cleaned(checked.data) };
    return { ok: false, reason: `not a valid item: ${z.prettifyError(checked.error)}`.slice(0, 1_000) };
  } catch (error) {
    return failure(error);
  }
}

async function extract(job: ExtractJob): Promise<ExtractResult> {
  try {
    const take = adapters.get(job.adapter)?.extract;
    if (!take) return { ok: false, reason: `the adapter "${job.adapter}" cannot take out attachments` };
    const { channel, settings, receivedAt } = job;
    const { verify } = createTokens(job.tokenKeys);
    return { ok: true, media: await take(job.raw, job.inside, { channel, settings, receivedAt, tokens: { verify } }) };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): { ok: false; reason: string } {
  return { ok: false, reason: String(error instanceof Error ? error.message : error).slice(0, 1_000) };
}

/** Here, away from the main loop: hostile HTML takes its time. */
function cleaned(read: Item): Item {
  if (read.type !== 'message' || read.full?.html === undefined) return read;
  return { ...read, full: { ...read.full, html: cleanHtml(read.full.html) } };
}
