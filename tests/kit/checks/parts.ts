import type { AnyAdapter, Reply } from '#contract';
import { onBench } from '../context.ts';
import { BrokenPromise, failureOf, GUARD_MS, must, mustEqual, mustWork, within } from '../expect.ts';
import type { Harness } from '../harness.ts';
import { joined, partOf, partsOf, sendWhole } from '../parts.ts';
import { CONTENT_MARK, reply, replyHere } from '../samples.ts';
import type { Check } from './check.ts';

const applies = (adapter: AnyAdapter) => adapter.publish?.split !== undefined;

/** Long enough to be divided, and with what is hard to divide: long words, several lines, signs of two units. */
function longReply(adapter: AnyAdapter, harness: Harness, settings: unknown): Reply {
  const surface = adapter.publish!.surfaces[0]!;
  const block = `Lampu di Jalan Merdeka sudah diganti 💡.\n\nTerima kasih, ${CONTENT_MARK}. ${'x'.repeat(40)} `;
  for (let times = 2; times < 2_000; times *= 2) {
    const long = replyHere(harness, { text: `${block.repeat(times)}Selesai.` }, surface);
    if (partsOf(adapter, { settings }, long).length > 2) return long;
  }
  throw new BrokenPromise('split: not even a very long text is divided into three');
}

const whole: Check = {
  name: 'a long text is divided whole and in order, the same each time, and a short one not at all',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async ({ ctx }) => {
      const surface = adapter.publish!.surfaces[0]!;
      const divide = (one: Reply) => partsOf(adapter, ctx, one);
      mustEqual(divide(replyHere(harness, {}, surface)), [reply().text], 'split of a short text');
      const long = longReply(adapter, harness, ctx.settings);
      const texts = divide(long);
      mustEqual(joined(texts), joined([long.text]), 'split: the parts together');
      mustEqual(divide(long), texts, 'split of the same text again');
      must(
        texts.every((one) => one.trim() !== ''),
        'split: a part says nothing',
      );
      must(
        texts.every((one) => divide({ ...long, text: one }).length === 1),
        'split: a part is too long for one message',
      );
    }),
};

const inOrder: Check = {
  name: 'the parts of an answer are published one after the other, each once',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      const long = longReply(adapter, harness, bench.ctx.settings);
      const done = await mustWork(() => sendWhole(adapter, bench.ctx, long), 'send of all parts');
      const { landed } = bench.state;
      mustEqual(
        landed.map(({ id }) => id),
        done.map(({ publishedId }) => publishedId),
        'send of all parts: what stands there',
      );
      mustEqual(joined(landed.map(({ text }) => text)), joined([long.text]), 'send of all parts: their text');
      const asked = bench.wire.requests.filter((one) => harness.publishes(one));
      mustEqual(asked.length, done.length, 'send of all parts: publishing requests');
    }),
};

const apart: Check = {
  name: 'reconcile tells the parts of one answer apart',
  applies: (adapter) => applies(adapter) && adapter.reconcile !== undefined,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      const long = { ...longReply(adapter, harness, bench.ctx.settings), attempt: 2 };
      // Two parts that read the same: only their own marks tell them apart.
      const texts = ['Bagian yang sama.', 'Bagian yang sama.'];
      const look = (one: Reply) => within(GUARD_MS, adapter.reconcile!(one, bench.ctx), 'reconcile');
      const first = await mustWork(() => adapter.publish!.send(partOf(long, texts, []), bench.ctx), 'send of part 1');
      mustEqual(await look(partOf(long, texts, [first])), 'absent', 'reconcile of part 2, when only part 1 stands');
      bench.wire.steer('dropAfter', (request) => harness.publishes(request));
      await failureOf(() => adapter.publish!.send(partOf(long, texts, [first]), bench.ctx));
      bench.wire.steer(null);
      for (const [n, before] of [[], [first]].entries()) {
        const finding = await look(partOf(long, texts, before));
        const found = typeof finding === 'object' ? finding.found.publishedId : finding;
        mustEqual(found, bench.state.landed[n]?.id, `reconcile of part ${n + 1}`);
      }
    }),
};

export const partChecks: readonly Check[] = [whole, inOrder, apart];
