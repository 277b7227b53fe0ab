import { type AnswerRules, type AnyAdapter, idempotencyOf, type Reply, rulesOf, type Surface } from '#contract';
import { type Bench, onBench } from '../context.ts';
import { channelError, must, mustEqual, mustFail, mustWork } from '../expect.ts';
import { answerOf, type Harness } from '../harness.ts';
import { joined, sendWhole } from '../parts.ts';
import { file, reply, replyHere } from '../samples.ts';
import { type Check, isHere, publishes, publishing, sends } from './check.ts';

const applies = publishes;

/** Runs `work` once for each ability that publishes, each on a fresh platform. */
async function each(
  adapter: AnyAdapter,
  harness: Harness,
  work: (bench: Bench, ability: ReturnType<typeof publishing>[number]) => Promise<void>,
): Promise<void> {
  for (const ability of publishing(adapter, harness)) await onBench(adapter, harness, (bench) => work(bench, ability));
}

const publishingRequests = (bench: Bench, harness: Harness) =>
  bench.wire.requests.filter((one) => harness.publishes(one));

const once: Check = {
  name: 'publishing makes exactly one publishing request and gives the id that stands there',
  applies,
  run: (adapter, harness) =>
    each(adapter, harness, async (bench, { name, run }) => {
      const published = await mustWork(() => run(bench.ctx), name);
      mustEqual(publishingRequests(bench, harness).length, 1, `${name}: publishing requests`);
      mustEqual(bench.state.landed.length, 1, `${name}: what stands at the platform`);
      mustEqual(published.publishedId, bench.state.landed[0]?.id, `${name}: publishedId`);
    }),
};

const whole: Check = {
  name: 'send publishes the whole text and all files, on every surface it names',
  applies: sends,
  async run(adapter, harness) {
    for (const surface of adapter.publish!.surfaces) {
      await onBench(adapter, harness, async (bench) => {
        const { attachments } = rulesOf(adapter, { surface, settings: bench.ctx.settings })!;
        const mime = attachments?.mimes.includes(file.mime) ? file.mime : attachments?.mimes[0];
        const files = mime ? [{ ...file, mime }] : [];
        const sent = replyHere(harness, { files }, surface);
        await mustWork(() => adapter.publish!.send(sent, bench.ctx), `send (${surface})`);
        mustEqual(bench.state.landed[0]?.text, sent.text, `send (${surface}): the text that stands there`);
        mustEqual(bench.state.landed[0]?.files, files.length, `send (${surface}): the files that stand there`);
        mustEqual(publishingRequests(bench, harness).length, 1, `send (${surface}) with a file: publishing requests`);
      });
    }
  },
};

function longestText({ maxChars, measure = (text: string) => text.length }: AnswerRules): string {
  let text = 'a'.repeat(maxChars);
  while (measure(text) > maxChars) text = text.slice(0, -1);
  while (measure(`${text}a`) <= maxChars) text += 'a';
  return text;
}

const limit: Check = {
  name: 'send takes the longest text and refuses a longer one before any request',
  applies: sends,
  async run(adapter, harness) {
    for (const surface of adapter.publish!.surfaces)
      await onBench(adapter, harness, (bench) => mustKnowLimit(adapter, harness, bench, { surface }));
    for (const surface of adapter.publish!.privately?.surfaces ?? [])
      await onBench(adapter, harness, (bench) => mustKnowLimit(adapter, harness, bench, { surface, privately: true }));
  },
};

async function mustKnowLimit(
  adapter: AnyAdapter,
  harness: Harness,
  bench: Bench,
  at: { surface: Surface; privately?: true },
) {
  const text = longestText(rulesOf(adapter, { ...at, settings: bench.ctx.settings })!);
  const send = (words: string) => adapter.publish!.send(replyAt(harness, at, words), bench.ctx);
  const error = await mustFail(() => send(`${text}a`), 'refused', `send (${at.surface}) of a text over the limit`);
  mustEqual(error.reason, 'content', 'send of a text over the limit: reason');
  mustEqual(bench.wire.requests.length, 0, 'send of a text over the limit: requests');
  const longest = replyAt(harness, at, text);
  await mustWork(() => sendWhole(adapter, bench.ctx, longest), `send (${at.surface}) of the longest text`);
  const landed = joined(bench.state.landed.map((one) => one.text));
  mustEqual(landed.length, text.length, 'send of the longest text: its length');
}

function replyAt(
  harness: Harness,
  { surface, privately }: { surface: Surface; privately?: true },
  text = reply().text,
): Reply {
  const plain = replyHere(harness, { text }, surface);
  return privately ? { ...plain, target: { ...plain.target, privately } } : plain;
}

const privately: Check = {
  name: 'a private reply goes out in private, once',
  applies: (adapter) => adapter.publish?.privately !== undefined,
  async run(adapter, harness) {
    for (const surface of adapter.publish?.privately?.surfaces ?? []) {
      await onBench(adapter, harness, async (bench) => {
        const published = await mustWork(
          () => adapter.publish!.send(replyAt(harness, { surface, privately: true }), bench.ctx),
          `a private reply (${surface})`,
        );
        const [landed, ...more] = bench.state.landed;
        mustEqual(more.length, 0, `a private reply (${surface}): what else stands there`);
        must(landed?.private === true, `a private reply (${surface}): it stands in public`);
        mustEqual(published.publishedId, landed.id, `a private reply (${surface}): publishedId`);
        mustEqual(landed.text, reply().text, `a private reply (${surface}): its text`);
      });
    }
  },
};

const dropped: Check = {
  name: 'a connection that breaks while publishing is in doubt: never refused, never nothingSent, never tried again',
  applies,
  async run(adapter, harness) {
    for (const fault of ['dropBefore', 'dropAfter'] as const) {
      await each(adapter, harness, async (bench, { name, run }) => {
        bench.wire.steer(fault, (request) => harness.publishes(request));
        const error = await mustFail(() => run(bench.ctx), 'retry', `${name} (${fault})`);
        must(!error.nothingSent, `${name} (${fault}): says nothingSent, and the request had left`);
        mustEqual(publishingRequests(bench, harness).length, 1, `${name} (${fault}): publishing requests`);
      });
    }
  },
};

const unreachable: Check = {
  name: 'a platform that cannot be reached is retry with nothingSent',
  applies,
  run: (adapter, harness) =>
    each(adapter, harness, async (bench, { name, run }) => {
      await bench.wire.close();
      const error = await mustFail(() => run(bench.ctx), 'retry', `${name} to a closed port`);
      must(error.nothingSent, `${name} to a closed port: must pass on that nothing was sent`);
    }),
};

const unproven: Check = {
  name: 'a 2xx without the id that proves it is in doubt, not a success',
  applies,
  async run(adapter, harness) {
    for (const body of [{}, '', 'OK', { id: null }, { id: '' }, '<html>masuk</html>', [], { id: { a: 1 } }]) {
      await each(adapter, harness, async (bench, { name, run }) => {
        bench.wire.steer(
          () => ({ status: 200, body }),
          (request) => harness.publishes(request),
        );
        const error = await mustFail(() => run(bench.ctx), 'retry', `${name} answered 200 ${JSON.stringify(body)}`);
        must(!error.nothingSent, `${name} answered 200 ${JSON.stringify(body)}: says nothingSent`);
      });
    }
  },
};

const serverError: Check = {
  name: 'a 5xx after publishing is in doubt',
  applies,
  async run(adapter, harness) {
    for (const status of [500, 502, 504]) {
      await each(adapter, harness, async (bench, { name, run }) => {
        bench.wire.steer(
          () => ({ status, body: 'oops' }),
          (request) => harness.publishes(request),
        );
        const error = await mustFail(() => run(bench.ctx), 'retry', `${name} answered ${status}`);
        must(!error.nothingSent, `${name} answered ${status}: says nothingSent, and it may stand there`);
      });
    }
  },
};

const classified: Check = {
  name: 'publishing tells throttled (in milliseconds), auth and refused apart',
  applies,
  run: (adapter, harness) =>
    each(adapter, harness, async (bench, { name, run }) => {
      for (const kind of ['auth', 'throttled', 'refused'] as const) {
        // Refused is what was to be published, not the token that it needs.
        bench.wire.steer(answerOf(harness, kind), (request) => kind !== 'refused' || harness.publishes(request));
        const error = await mustFail(() => run(bench.ctx), kind, `${name} answered ${kind}`);
        if (kind === 'throttled') mustEqual(error.retryAfterMs, 7_000, `${name}: retryAfterMs of retry-after 7`);
        mustEqual(bench.state.landed.length, 0, `${name}: what stands there after ${kind}`);
      }
    }),
};

const spent: Check = {
  name: 'a quota that is spent is throttled and says until when',
  applies: (adapter) => publishes(adapter),
  run: (adapter, harness) =>
    each(adapter, harness, async (bench, { name, run }) => {
      if (!harness.spent) return;
      bench.wire.steer(() => harness.spent!);
      const { quotaUntil, retryAfterMs = 0 } = await mustFail(
        () => run(bench.ctx),
        'throttled',
        `${name}, quota spent`,
      );
      const left = (quotaUntil?.getTime() ?? 0) - bench.ctx.now().getTime();
      must(left > 0, `${name}, quota spent: quotaUntil must say when there is more`);
      must(retryAfterMs > 0 && retryAfterMs <= left, `${name}, quota spent: retryAfterMs must be within that time`);
      mustEqual(bench.state.landed.length, 0, `${name}, quota spent: what stands there`);
    }),
};

const native: Check = {
  name: 'with native idempotency the key travels, and a second send of it publishes nothing new',
  applies: (adapter) => publishes(adapter),
  run: (adapter, harness) =>
    each(adapter, harness, async (bench, { name, run }) => {
      if (idempotencyOf(adapter, bench.ctx.settings) !== 'native') return;
      const first = await mustWork(() => run(bench.ctx, 'kit-key-native'), name);
      const second = await mustWork(() => run(bench.ctx, 'kit-key-native'), `${name} again`);
      const carried = publishingRequests(bench, harness).every((one) => carries(one, 'kit-key-native'));
      must(carried, `${name}: the publishing request does not carry the key`);
      mustEqual(bench.state.landed.length, 1, `${name}: what stands there after the same key twice`);
      mustEqual(second.publishedId, first.publishedId, `${name}: publishedId of the second send`);
    }),
};

const carries = ({ headers, body, path }: Bench['wire']['requests'][number], key: string): boolean =>
  Object.values(headers).includes(key) || body.includes(key) || path.includes(key);

const aborted: Check = {
  name: 'publishing ends when the signal aborts, in doubt',
  applies,
  run: (adapter, harness) =>
    each(adapter, harness, async (bench, { name, run }) => {
      const stop = new AbortController();
      bench.wire.steer(
        () => {
          stop.abort();
          return new Promise(() => {});
        },
        (request) => harness.publishes(request),
      );
      const error = await channelError(() => run(bench.under(stop.signal)), `${name} to a silent platform`);
      must(error.kind === 'retry' && !error.nothingSent, `${name} aborted half-way: must be retry and in doubt`);
    }),
};

const late: Check = {
  name: 'nothing that publishes leaves after the deadline',
  applies,
  run: (adapter, harness) =>
    each(adapter, harness, async (bench, { name, run }) => {
      const error = await mustFail(() => run(bench.tooLate()), 'retry', `${name} after its deadline`);
      must(error.nothingSent, `${name} after its deadline: must say that nothing was sent`);
      mustEqual(bench.state.landed.length, 0, `${name} after its deadline: what stands there`);
    }),
};

const here: Check = {
  name: 'what is published at the hub itself asks nobody, is known by its key, and keeps to its length',
  applies: ({ publish }) => isHere(publish),
  async run(adapter, harness) {
    for (const surface of adapter.publish!.surfaces)
      await onBench(adapter, harness, async (bench) => {
        const send = (about: Partial<Reply> = {}) =>
          adapter.publish!.send(replyHere(harness, { files: [file], ...about }, surface), bench.ctx);
        const { key } = reply();
        for (const time of ['once', 'again']) {
          const published = await mustWork(() => send(), `send (${surface}), ${time}`);
          mustEqual(published.publishedId, key, `send (${surface}), ${time}: publishedId`);
        }
        const text = longestText(rulesOf(adapter, { surface, settings: bench.ctx.settings })!);
        await mustWork(() => send({ text }), `send (${surface}) of the longest text`);
        const error = await mustFail(() => send({ text: `${text}a` }), 'refused', `send (${surface}) over the limit`);
        mustEqual(error.reason, 'content', `send (${surface}) over the limit: reason`);
        mustEqual(bench.wire.requests.length, 0, `send (${surface}): requests`);
      });
  },
};

export const publishChecks: readonly Check[] = [
  once, whole, limit, privately, dropped, unreachable, unproven, serverError, classified, spent, native, aborted, late,
  here,
]; // biome-ignore format: one glance
