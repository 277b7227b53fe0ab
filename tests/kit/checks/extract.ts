import type { AnyAdapter, Json } from '#contract';
import { normaliseContext } from '../context.ts';
import { failureOf, must } from '../expect.ts';
import { type Harness, needs } from '../harness.ts';
import { observed } from '../observe.ts';
import { normalised } from '../samples.ts';
import { type Check, has } from './check.ts';

const applies = has('extract');

/** What `normalise` says about the attachment of the harness's raw item. */
async function insideOf(adapter: AnyAdapter, harness: Harness): Promise<Json> {
  const read = await normalised(adapter, harness, needs(harness.extract, 'extract').raw);
  const inside = read?.type === 'message' ? read.attachments?.[0]?.inside : undefined;
  must(inside !== undefined, 'normalise: names no attachment that is `inside` the raw item of the harness');
  return inside;
}

const take = async (adapter: AnyAdapter, harness: Harness, inside: Json) =>
  adapter.extract!(needs(harness.extract, 'extract').raw, inside, normaliseContext(adapter, harness));

const bytes: Check = {
  name: 'extract gives the bytes of what normalise named, of the raw item alone',
  applies,
  async run(adapter, harness) {
    const inside = await insideOf(adapter, harness);
    let given = new Uint8Array();
    await take(adapter, harness, inside);
    const { seen } = await observed(async () => {
      given = new Uint8Array((await take(adapter, harness, inside)).bytes);
    });
    must(Buffer.from(given).equals(needs(harness.extract, 'extract').bytes), 'extract: the bytes differ');
    must(seen.length === 0, `extract: used ${[...new Set(seen)].join(', ')}`);
  },
};

const stray: Check = {
  name: 'extract refuses what names nothing in the raw item',
  applies,
  async run(adapter, harness) {
    for (const inside of [null, '', '../x', -1, 1e9, {}, [], { part: '9.9.9' }]) {
      const error = await failureOf(() => take(adapter, harness, inside));
      must(error instanceof Error, `extract of ${JSON.stringify(inside)}: gave something`);
    }
  },
};

export const extractChecks: readonly Check[] = [bytes, stray];
