import { type AnyAdapter, type ChannelContext, ChannelError, type Finding, type Published } from '#contract';
import { type Bench, onBench } from '../context.ts';
import { failureOf, GUARD_MS, must, mustEqual, within } from '../expect.ts';
import type { Harness, Landed } from '../harness.ts';
import { forwarding, reply, replyHere, statusChange } from '../samples.ts';
import { type Check, has } from './check.ts';

const applies = has('reconcile');

const lookUp = (adapter: AnyAdapter, harness: Harness, bench: Bench): Promise<Finding> =>
  within(GUARD_MS, adapter.reconcile!(replyHere(harness, { attempt: 2 }), bench.ctx), 'reconcile');

/** Sends, and the connection breaks after the platform has done it: only reconcile can tell. */
async function landInDoubt(adapter: AnyAdapter, harness: Harness, bench: Bench): Promise<void> {
  bench.wire.steer('dropAfter', (request) => harness.publishes(request));
  await failureOf(() => adapter.publish!.send(replyHere(harness), bench.ctx));
  bench.wire.steer(null);
  mustEqual(bench.state.landed.length, 1, 'the harness: what landed before the connection broke');
}

function mustBe(finding: Finding, wanted: 'absent' | 'unknown', what: string): void {
  mustEqual(finding, wanted, `reconcile: ${what}`);
}

function mustFind(finding: Finding, { id }: Landed, what: string): void {
  const found = typeof finding === 'object' ? finding.found.publishedId : finding;
  mustEqual(found, id, `reconcile: ${what}`);
}

const finds: Check = {
  name: 'reconcile finds what landed though the connection broke',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      await landInDoubt(adapter, harness, bench);
      mustFind(await lookUp(adapter, harness, bench), bench.state.landed[0]!, 'a reply that landed');
      mustEqual(bench.state.landed.length, 1, 'reconcile: what stands there after the look-up');
    }),
};

const absent: Check = {
  name: 'reconcile says absent when nothing landed',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) =>
      mustBe(await lookUp(adapter, harness, bench), 'absent', 'nothing landed'),
    ),
};

const impostors = (count: number): Landed[] =>
  Array.from({ length: count }, (_, number) => ({
    id: `other-${number}`,
    key: null,
    text: number % 2 ? reply().text : `${reply().text} `,
    files: 0,
  }));

const impostor: Check = {
  name: 'reconcile is not fooled by a near-identical text of someone else',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      bench.state.landed.push(...impostors(2));
      const finding = await lookUp(adapter, harness, bench);
      must(typeof finding === 'string', 'reconcile: took a text of someone else for ours');
    }),
};

const among: Check = {
  name: 'reconcile never says absent of a reply that stands among many others',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      bench.state.landed.push(...impostors(150));
      bench.wire.steer('dropAfter', (request) => harness.publishes(request));
      await failureOf(() => adapter.publish!.send(replyHere(harness), bench.ctx));
      bench.wire.steer(null);
      const ours = bench.state.landed.at(-1)!;
      bench.state.landed.push(...impostors(150));
      const finding = await lookUp(adapter, harness, bench);
      if (finding !== 'unknown') mustFind(finding, ours, 'a reply among 300 others');
    }),
};

const unknown: Check = {
  name: 'reconcile says unknown when the look-up fails',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      await landInDoubt(adapter, harness, bench);
      for (const status of [500, 503]) {
        bench.wire.steer(() => ({ status, body: 'oops' }));
        mustBe(await lookUp(adapter, harness, bench), 'unknown', `the platform answered ${status}`);
      }
      for (const fault of ['dropAfter', 'dropBefore', malformed] as const) {
        bench.wire.steer(fault);
        const outcome = await lookUp(adapter, harness, bench).catch((error: unknown) => error);
        must(
          outcome === 'unknown' || outcome instanceof ChannelError,
          `reconcile: a failed look-up gave ${String(outcome)}`,
        );
      }
    }),
};

const malformed = () => ({ status: 200, body: '<html>pemeliharaan</html>' });

const aborted: Check = {
  name: 'reconcile ends when the signal aborts, and never with absent',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      const stop = new AbortController();
      bench.wire.steer(() => {
        stop.abort();
        return new Promise(() => {});
      });
      const ctx = bench.under(stop.signal);
      const look = within(GUARD_MS, adapter.reconcile!(replyHere(harness), ctx), 'reconcile of a silent platform');
      const outcome = await look.catch((error: unknown) => error);
      must(outcome === 'unknown' || outcome instanceof ChannelError, `reconcile aborted gave ${String(outcome)}`);
    }),
};

interface Doubt {
  name: string;
  land(ctx: ChannelContext<unknown>): Promise<Published>;
  find(ctx: ChannelContext<unknown>): Promise<Finding>;
}

/** What else can be in doubt, and be looked up. */
function doubts({ pushStatus, findStatus, forward, findForwarded }: AnyAdapter): Doubt[] {
  const status = pushStatus &&
    findStatus && {
      name: 'findStatus',
      land: (ctx: ChannelContext<unknown>) => pushStatus(statusChange(), ctx),
      find: (ctx: ChannelContext<unknown>) => findStatus({ ...statusChange(), attempt: 2 }, ctx),
    };
  const report = forward &&
    findForwarded && {
      name: 'findForwarded',
      land: (ctx: ChannelContext<unknown>) => forward(forwarding(), ctx),
      find: (ctx: ChannelContext<unknown>) => findForwarded({ ...forwarding(), attempt: 2 }, ctx),
    };
  return [status, report].flatMap((one) => one ?? []);
}

const others: Check = {
  name: 'findStatus and findForwarded find what landed, say absent of what did not, and unknown when the look-up fails',
  applies: (adapter) => doubts(adapter).length > 0,
  async run(adapter, harness) {
    for (const { name, land, find } of doubts(adapter)) {
      await onBench(adapter, harness, async (bench) => {
        const look = () => within(GUARD_MS, find(bench.ctx), name);
        mustEqual(await look(), 'absent', `${name}: nothing landed`);
        bench.wire.steer('dropAfter', (request) => harness.publishes(request));
        await failureOf(() => land(bench.ctx));
        bench.wire.steer(null);
        const found = await look();
        must(typeof found === 'object', `${name}: gave ${String(found)} of what landed`);
        mustEqual(found.found.publishedId, bench.state.landed[0]?.id, `${name}: publishedId`);
        for (const fault of ['dropAfter', malformed, () => ({ status: 500, body: 'oops' })] as const) {
          bench.wire.steer(fault);
          const outcome = await look().catch((error: unknown) => error);
          must(
            outcome === 'unknown' || outcome instanceof ChannelError,
            `${name}: a failed look-up gave ${String(outcome)}`,
          );
        }
      });
    }
  },
};

export const reconcileChecks: readonly Check[] = [finds, absent, impostor, among, unknown, aborted, others];
