import { onBench } from '../context.ts';
import { channelError, must, mustEqual, mustFail, mustWork, within } from '../expect.ts';
import { answerOf, needs } from '../harness.ts';
import { event } from '../samples.ts';
import { type Check, has, reading, reads } from './check.ts';

const classified: Check = {
  name: 'reading tells retry, auth and throttled (in milliseconds) apart',
  applies: reads,
  run: (adapter, harness) =>
    onBench(adapter, harness, async ({ wire, ctx }) => {
      for (const { name, run } of reading(adapter, harness)) {
        wire.steer(answerOf(harness, 'unavailable'));
        await mustFail(() => run(ctx), 'retry', `${name} answered 503`);
        wire.steer(answerOf(harness, 'auth'));
        await mustFail(() => run(ctx), 'auth', `${name} answered 401`);
        wire.steer(answerOf(harness, 'throttled'));
        const error = await mustFail(() => run(ctx), 'throttled', `${name} answered 429`);
        mustEqual(error.retryAfterMs, 7_000, `${name}: retryAfterMs of retry-after 7`);
        wire.steer('dropAfter');
        await mustFail(() => run(ctx), 'retry', `${name} with a broken connection`);
      }
    }),
};

// Not `[]`: some platforms say "nothing new" so.
const MALFORMED = ['', '<html>pemeliharaan</html>', '{"items":[{', 'null', '{"items":"x"}', '{}'];

const malformed: Check = {
  name: 'poll takes a malformed 200 for retry, never for an empty page',
  applies: has('poll'),
  run: (adapter, harness) =>
    onBench(adapter, harness, async ({ wire, ctx }) => {
      for (const body of MALFORMED) {
        wire.steer(() => ({ status: 200, body }));
        await mustFail(() => adapter.poll!.page(null, ctx), 'retry', `poll answered 200 ${body}`);
      }
    }),
};

const aborted: Check = {
  name: 'reading ends when the signal aborts',
  applies: reads,
  run: (adapter, harness) =>
    onBench(adapter, harness, async ({ wire, under }) => {
      for (const { name, run } of reading(adapter, harness)) {
        const stop = new AbortController();
        wire.steer(() => {
          stop.abort();
          return new Promise(() => {});
        });
        await channelError(() => run(under(stop.signal)), `${name} of a silent platform`);
      }
    }),
};

const harmless: Check = {
  name: 'probe changes nothing at the platform and says what it found',
  applies: has('probe'),
  run: (adapter, harness) =>
    onBench(adapter, harness, async ({ wire, state, ctx }) => {
      const health = await mustWork(() => adapter.probe!(ctx), 'probe');
      must(health.detail.trim().length > 0, 'probe: `detail` is empty');
      must(wire.requests.length > 0, 'probe: asked nobody');
      mustEqual(wire.requests.filter((one) => harness.publishes(one)).length, 0, 'probe: publishing requests');
      mustEqual(state.landed.length, 0, 'probe: what stands there');
    }),
};

const media: Check = {
  name: 'media gives the bytes as they are, and refused/gone for what is no longer there',
  applies: has('media'),
  run: (adapter, harness) =>
    onBench(adapter, harness, async ({ wire, ctx }) => {
      const { ref, bytes } = needs(harness.media, 'media');
      const fetched = await mustWork(() => adapter.media!(ref, ctx), 'media');
      must(Buffer.from(fetched.bytes).equals(bytes), 'media: the bytes differ');
      wire.steer(() => ({ status: 404, body: 'gone' }));
      const error = await mustFail(() => adapter.media!(ref, ctx), 'refused', 'media answered 404');
      mustEqual(error.reason, 'gone', 'media answered 404: reason');
    }),
};

const stray: Check = {
  name: 'media follows no reference to another place',
  applies: has('media'),
  run: (adapter, harness) =>
    onBench(adapter, harness, async ({ wire, ctx }) => {
      for (const ref of needs(harness.media, 'media').stray) {
        await mustFail(() => adapter.media!(ref, ctx), 'refused', `media of ${JSON.stringify(ref)}`);
        mustEqual(wire.requests.length, 0, `media of ${JSON.stringify(ref)}: requests`);
      }
    }),
};

const watch: Check = {
  name: 'watch wakes when something comes, ends with the signal and passes on what fails',
  applies: has('watch'),
  run: (adapter, harness) =>
    onBench(adapter, harness, async ({ wire, state, under }) => {
      const stop = new AbortController();
      let wakes = 0;
      const watching = adapter.watch!(under(stop.signal), () => void wakes++);
      for (let number = 0; wakes < 2 && number < 100; number++) {
        state.events.push(event(harness, number));
        await within(25, watching, '').catch(() => {});
      }
      must(wakes >= 2, 'watch: did not wake when something came');
      stop.abort();
      await mustWork(() => watching, 'watch after the abort');
      wire.steer(answerOf(harness, 'auth'));
      await mustFail(() => adapter.watch!(under(new AbortController().signal), () => {}), 'auth', 'watch answered 401');
    }),
};

export const readingChecks: readonly Check[] = [classified, malformed, aborted, harmless, media, stray, watch];
