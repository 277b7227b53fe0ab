import { readFileSync } from 'node:fs';
import type { AnyAdapter, ChannelContext, Finding, Json, RawItem, Reply } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import { webhookHarness } from '../../adapters/webhook.harness.ts';
import { event } from '../samples.ts';
import { connectable, consent } from './connect.ts';
import { dividing } from './divide.ts';
import { opened } from './door.ts';
import { entering, reached } from './entry.ts';
import type { Broken } from './index.ts';

/** The webhook's adapter does not need it, so here it gets one: attachment 0 is the item's own text. */
type Extract = (raw: RawItem['raw'], inside: Json) => Uint8Array;
const textOf = (raw: RawItem['raw']): string => JSON.parse(Buffer.from(raw).toString()).text;
const genuine: Extract = (raw, inside) => {
  if (inside !== 0) throw new Error('There is only attachment 0');
  return Buffer.from(textOf(raw));
};
/** The kit's application tells of everything that landed by its key: statuses and reports, too. */
const find = ({ key }: { key: string }, ctx: ChannelContext<unknown>): Promise<Finding> =>
  webhook.reconcile!({ key } as Reply, ctx);
const extracting = (take: Extract): AnyAdapter => ({
  ...dividing,
  examine: async () => [],
  statusCode: (state: string) => (state === 'new' ? null : state),
  findStatus: find,
  findForwarded: find,
  extract: (raw: RawItem['raw'], inside: Json) => ({ bytes: take(raw, inside) }),
});

const poll = { ...webhook.poll!, idle: () => false };
export const complete = { ...extracting(genuine), ...connectable, ...entering, ...opened, poll };

const sample = event(webhookHarness, 1);
const raw = JSON.stringify({ ...JSON.parse(String(webhookHarness.raw(sample))), attachments: [{ inside: 0 }] });
export const completeHarness = {
  ...{ ...webhookHarness, extract: { raw, bytes: Buffer.from(sample.text) } },
  spent: { status: 402, body: { error: 'spent' } },
  connect: consent(webhookHarness.settings),
  reach: reached,
};

export const brokenExtractors: Broken = {
  'extract gives the bytes of what normalise named, of the raw item alone': [
    extracting((from, inside) => genuine(from, inside).subarray(1)),
    extracting((from, inside) => {
      readFileSync('package.json');
      return genuine(from, inside);
    }),
    {
      ...complete,
      normalise: (from) =>
        webhook.normalise(JSON.stringify({ ...JSON.parse(String(from)), attachments: [] }), {} as never),
    },
  ],
  'extract refuses what names nothing in the raw item': [
    extracting((from) => Buffer.from(textOf(from))),
    extracting((from, inside) => (inside === 0 ? genuine(from, inside) : new Uint8Array())),
  ],
};
