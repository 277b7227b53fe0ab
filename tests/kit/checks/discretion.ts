import { inspect } from 'node:util';
import type { AnyAdapter, ChannelContext } from '#contract';
import { type Bench, endpointContext, KIT_NOW, onBench } from '../context.ts';
import { failureOf, must, mustEqual } from '../expect.ts';
import { answerOf, type Harness } from '../harness.ts';
import { observed } from '../observe.ts';
import { CONTENT_MARK, event, normalised, replyHere } from '../samples.ts';
import type { Fault } from '../wire.ts';
import { always, type Check, publishing, reading, tending } from './check.ts';

interface Call {
  name: string;
  run(ctx: ChannelContext<unknown>): Promise<unknown>;
}

function everyCall(adapter: AnyAdapter, harness: Harness): Call[] {
  const { reconcile } = adapter;
  const lookUp = reconcile
    ? [{ name: 'reconcile', run: (ctx: ChannelContext<unknown>) => reconcile(replyHere(harness), ctx) }]
    : [];
  return [...reading(adapter, harness), ...publishing(adapter, harness), ...tending(adapter, harness), ...lookUp];
}

/** A platform that repeats our own credentials in its error, as some do. */
const echo =
  (status: number): Fault =>
  (request) => ({ status, body: { error: request.headers, message: request.headers } });

const faults = (harness: Harness): (Fault | null)[] => [
  null, 'dropBefore', 'dropAfter', echo(200), echo(400), echo(401), echo(500), () => ({ status: 200, body: '{' }),
  answerOf(harness, 'throttled'), answerOf(harness, 'refused'),
]; // biome-ignore format: one glance

/** Everything that one ability said: what it logged, and its error in every way an error can be printed. */
async function said(bench: Bench, call: Call): Promise<string> {
  const before = bench.logged.length;
  const error = await failureOf(() => call.run(bench.ctx));
  const printed =
    error === undefined ? [] : [String(error), inspect(error, { depth: 12, showHidden: true }), JSON.stringify(error)];
  return [...bench.logged.slice(before), ...printed].join('\n');
}

function forms(secret: string): string[] {
  const bare = secret.replace(/^whsec_/, '');
  return [secret, bare, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
}

const secrets: Check = {
  name: 'no secret stands in any log or error, whatever fails',
  applies: always,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      for (const call of everyCall(adapter, harness)) {
        for (const fault of faults(harness)) {
          bench.wire.steer(fault);
          mustHold(harness, await said(bench, call), call.name);
        }
      }
      for (const text of await receiving(adapter, harness)) mustHold(harness, text, 'receive');
    }),
};

function mustHold(harness: Harness, text: string, where: string): void {
  for (const [name, value] of Object.entries(harness.secrets))
    must(!forms(value).some((form) => text.includes(form)), `${where}: the secret ${name} stands in a log or an error`);
}

/** What verify and unpack say of deliveries that are wrong. */
async function receiving(adapter: AnyAdapter, harness: Harness): Promise<string[]> {
  const { receive } = adapter;
  if (!receive || !harness.receive) return [];
  const signed = harness.receive.sign(harness.receive.body([event(harness, 1)]), KIT_NOW);
  const wrong = [
    { ...signed, headers: {} },
    { ...signed, body: new Uint8Array([1]) },
  ];
  const verdicts = wrong.map((one) => receive.verify(one, endpointContext(adapter, harness)).catch(inspect));
  return (await Promise.all(verdicts)).map((one) => inspect(one));
}

const content: Check = {
  name: "no one's words stand in any log or error",
  applies: always,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      const mute = (text: string, where: string) =>
        must(!text.includes(CONTENT_MARK), `${where}: content stands in a log or an error; log ids`);
      for (const call of everyCall(adapter, harness)) {
        for (const fault of [
          'dropAfter',
          answerOf(harness, 'refused'),
          () => ({ status: 200, body: '{' }),
          null,
        ] as const) {
          bench.wire.steer(fault);
          mute(await said(bench, call), call.name);
        }
      }
      if (adapter.entry) return;
      const whole = Buffer.from(harness.raw(event(harness, 1)) as Uint8Array);
      for (const raw of [whole.subarray(0, -1), Buffer.from(CONTENT_MARK)])
        mute(await complaintOf(() => normalised(adapter, harness, raw)), 'normalise');
    }),
};

/** What is said when it fails. An item that could be read holds the words, of course. */
async function complaintOf(work: () => Promise<unknown>): Promise<string> {
  const error = await failureOf(work);
  return error === undefined ? '' : inspect(error);
}

const nothingLeft: Check = {
  name: 'no timer and no connection is left open',
  applies: always,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      for (const call of everyCall(adapter, harness)) {
        for (const fault of [null, 'dropAfter', echo(500)] as const) {
          bench.wire.steer(fault);
          const { open } = await observed(() => failureOf(() => call.run(bench.ctx)));
          mustEqual(
            open.filter((type) => type === 'Timeout'),
            [],
            `${call.name}: timers left`,
          );
        }
        mustEqual(await connectionsLeft(bench), 0, `${call.name}: connections left with a request under way`);
      }
    }),
};

async function connectionsLeft(bench: Bench): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    if ((await bench.wire.busyConnections()) === 0) return 0;
    await new Promise((done) => setTimeout(done, 20));
  }
  return bench.wire.busyConnections();
}

export const discretionChecks: readonly Check[] = [secrets, content, nothingLeft];
