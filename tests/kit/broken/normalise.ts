import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import type { AnyAdapter, Item, MessageItem, NormaliseContext, RawItem } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Broken } from './index.ts';

type Normalise = (raw: RawItem['raw'], ctx: NormaliseContext<unknown>) => Promise<Item | null>;
const genuine: Normalise = async (raw, ctx) => webhook.normalise(raw, ctx);
const normalising = (normalise: Normalise): AnyAdapter => ({ ...webhook, normalise });

const afterwards = (effect: () => unknown): AnyAdapter =>
  normalising(async (raw, ctx) => {
    effect();
    return genuine(raw, ctx);
  });

const rewriting = (change: (text: string) => string): AnyAdapter =>
  normalising(async (raw, ctx) => {
    const read = await genuine(raw, ctx);
    return read?.type === 'message' ? { ...read, text: change(read.text) } : read;
  });

let calls = 0;

export const brokenNormalisers: Broken = {
  'normalise gives items of the one format': [
    normalising(async (raw, ctx) => ({ ...(await genuine(raw, ctx)), at: 'kemarin' }) as MessageItem),
    normalising(async (raw, ctx) => ({ ...(await genuine(raw, ctx)), edited: undefined }) as unknown as MessageItem),
  ],
  'normalise gives the same for the same item, as text and as bytes': [
    rewriting((text) => `${text} ${calls++}`),
    normalising((raw, ctx) => (typeof raw === 'string' ? genuine(raw, ctx) : Promise.resolve(null))),
  ],
  'normalise does no input or output, sets no timer and reads no clock': [
    afterwards(() => existsSync('.')),
    afterwards(() => Date.now()),
    afterwards(() => new Date().toISOString()),
    afterwards(() => clearTimeout(setTimeout(() => {}, 1))),
    afterwards(() => connect(9, '127.0.0.1').on('error', () => {})),
    afterwards(() => fetch('http://127.0.0.1:9/').catch(() => {})),
  ],
  'normalise survives hostile text': [
    rewriting((text) => text.slice(0, 50_000)),
    rewriting((text) => text.replace(/[^ -~]/g, '?')),
    rewriting((text) => decodeURIComponent(encodeURIComponent(text))),
  ],
  'what normalise leaves out of the view stands in `full`, with the view': [
    normalising(async (raw, ctx) => ({ ...(await genuine(raw, ctx)), full: { text: 'hanya kutipan' } }) as MessageItem),
  ],
  'normalise survives broken UTF-8 and cut items': [
    normalising((raw, ctx) => genuine(raw, ctx).catch(() => ({}) as Item)),
    normalising((raw, ctx) => genuine(raw, ctx).catch(() => Promise.reject('cannot read it'))),
  ],
};
