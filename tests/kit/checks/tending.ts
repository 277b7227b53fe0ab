import { onBench } from '../context.ts';
import { must, mustEqual, mustFail, mustWork } from '../expect.ts';
import { answerOf } from '../harness.ts';
import { event, normalised, reply, replyHere } from '../samples.ts';
import { bareOf, type Check, has, tending } from './check.ts';

const completes: Check = {
  name: 'complete fetches what an event only names, in a form that normalise reads',
  applies: has('complete'),
  async run(adapter, harness) {
    if (!adapter.complete) return;
    await onBench(adapter, harness, async ({ state, ctx }) => {
      const named = event(harness, 1);
      state.events.push(named);
      const raw = await mustWork(() => adapter.complete!(bareOf(harness), ctx), 'complete');
      const read = await normalised(adapter, harness, raw).catch((error: unknown) => String(error));
      const item = typeof read === 'object' && read?.type === 'message' ? read : undefined;
      mustEqual(item?.objectId, named.objectId, 'complete: the object');
      mustEqual(item?.text, named.text, 'complete: the text');
    });
    await onBench(adapter, harness, async ({ ctx }) => {
      // Nothing is there.
      await mustFail(() => adapter.complete!(bareOf(harness), ctx), 'refused', 'complete of what cannot be seen');
    });
  },
};

const hides: Check = {
  name: 'moderate hides and shows again, and says nothing',
  applies: has('moderate'),
  async run(adapter, harness) {
    if (!adapter.moderate) return;
    const { target } = replyHere(harness, {}, 'comment');
    await onBench(adapter, harness, async ({ state, wire, ctx }) => {
      for (const action of ['hide', 'hide', 'unhide', 'unhide'] as const) {
        await mustWork(() => adapter.moderate!(action, target, ctx), `moderate: ${action}`);
        mustEqual([...state.hidden], action === 'hide' ? [target.objectId] : [], `moderate: hidden after ${action}`);
      }
      mustEqual(state.landed.length, 0, 'moderate: what was published');
      mustEqual(wire.requests.filter((one) => harness.publishes(one)).length, 0, 'moderate: publishing requests');
    });
  },
};

const marksRead: Check = {
  name: 'markRead says nothing, and may be asked twice',
  applies: has('markRead'),
  async run(adapter, harness) {
    if (!adapter.markRead) return;
    const { target } = reply({}, 'message');
    await onBench(adapter, harness, async ({ state, ctx }) => {
      for (const time of ['once', 'twice']) {
        await mustWork(() => adapter.markRead!(target, ctx), `markRead ${time}`);
        mustEqual([...state.read], [target.objectId], `markRead ${time}: what was read`);
      }
      mustEqual(state.landed.length, 0, 'markRead: what was published');
    });
  },
};

const cares: Check = {
  name: 'care publishes nothing, says what it found, and changes nothing where all is well',
  applies: has('care'),
  async run(adapter, harness) {
    if (!adapter.care) return;
    await onBench(adapter, harness, async ({ state, wire, ctx }) => {
      const health = await mustWork(() => adapter.care!.run(ctx), 'care');
      must(health.detail.trim().length > 0, 'care: `detail` is empty');
      must(wire.requests.length > 0, 'care: asked nobody');
      const before = wire.requests.length;
      await mustWork(() => adapter.care!.run(ctx), 'care again');
      const writes = wire.requests.slice(before).filter((one) => one.method !== 'GET');
      mustEqual(writes.length, 0, 'care where all is well: requests that change something');
      mustEqual(state.landed.length, 0, 'care: what stands there');
    });
  },
};

const classified: Check = {
  name: 'care, moderate and markRead tell retry, auth and throttled apart',
  applies: ({ care, moderate, markRead }) => Boolean(care ?? moderate ?? markRead),
  run: (adapter, harness) =>
    onBench(adapter, harness, async ({ wire, ctx }) => {
      for (const { name, run } of tending(adapter, harness)) {
        for (const [trouble, kind] of [
          ['unavailable', 'retry'],
          ['auth', 'auth'],
          ['throttled', 'throttled'],
        ] as const) {
          wire.steer(answerOf(harness, trouble));
          await mustFail(() => run(ctx), kind, `${name} answered ${trouble}`);
        }
        wire.steer('dropAfter');
        await mustFail(() => run(ctx), 'retry', `${name} with a broken connection`);
      }
    }),
};

export const tendingChecks: readonly Check[] = [completes, hides, marksRead, cares, classified];
