import { inspect } from 'node:util';
import type { AnyAdapter, Connect, ConsentAsk, ConsentCode, Question, Setup } from '#contract';
import { type Bench, onBench } from '../context.ts';
import { channelError, must, mustEqual, mustFail, mustWork } from '../expect.ts';
import { answerOf, type Harness, needs } from '../harness.ts';
import { type Check, has } from './check.ts';

const ASK: ConsentAsk = {
  redirectUri: 'https://hub.example/kembali/',
  state: 'kit-state-7f3a',
  challenge: 'kit-challenge-91bb',
};
const VERIFIER = 'kit-verifier-0123456789abcdefghijklmnopqrstuvwxyz';

/** The consent screen's side of the platform, with a channel that signs in there. */
function onConsentBench(adapter: AnyAdapter, harness: Harness, work: (bench: Bench, parts: Parts) => Promise<void>) {
  const { serve, settings, code } = needs(harness.connect, 'connect');
  const { stand: _, ...rest } = harness;
  const grant = { code, redirectUri: ASK.redirectUri, verifier: VERIFIER };
  return onBench(adapter, { ...rest, settings, platform: () => serve }, (bench) =>
    work(bench, { connect: adapter.connect as Connect<unknown>, grant }),
  );
}

interface Parts {
  connect: Connect<unknown>;
  grant: ConsentCode;
}

const asks: Check = {
  name: 'consent is asked for with our state, our address and no secret',
  applies: has('connect'),
  run: (adapter, harness) =>
    onConsentBench(adapter, harness, async ({ wire, ctx: { settings } }, { connect }) => {
      mustEqual(connect.unable?.(settings) ?? null, null, 'connect.unable of a channel that signs in');
      const url = new URL(connect.authorize(settings, ASK));
      must(url.origin === wire.origin, 'connect.authorize: its address is no setting');
      mustEqual(url.searchParams.get('state'), ASK.state, 'connect.authorize: state');
      mustEqual(url.searchParams.get('redirect_uri'), ASK.redirectUri, 'connect.authorize: redirect_uri');
      const challenge = connect.pkce ? ASK.challenge : null;
      mustEqual(url.searchParams.get('code_challenge'), challenge, 'connect.authorize: code_challenge (see `pkce`)');
      must(!says(url.href, harness), 'connect.authorize: a secret stands in the address');
      must(connect.scopes(settings).length > 0, 'connect.scopes: none; say what is asked for');
    }),
};

const says = (text: string, { secrets }: Harness): boolean =>
  Object.values(secrets).some((value) => text.includes(value) || text.includes(encodeURIComponent(value)));

const exchanges: Check = {
  name: 'a code is exchanged with one request, and what was granted is told',
  applies: has('connect'),
  run: (adapter, harness) =>
    onConsentBench(adapter, harness, async ({ wire, ctx }, { connect, grant }) => {
      const found = await mustWork(() => connect.exchange(grant, ctx), 'connect.exchange');
      mustEqual(usesOf(wire, grant.code), 1, 'connect.exchange: requests with the code');
      mustEqual(usesOf(wire, VERIFIER), connect.pkce ? 1 : 0, 'connect.exchange: requests with the verifier');
      mustEqual(JSON.parse(JSON.stringify(found.tokens)), found.tokens, 'connect.exchange: tokens that survive JSON');
      must(JSON.stringify(found.tokens).length > 10, 'connect.exchange: no tokens');
      const missing = connect.scopes(ctx.settings).filter(({ name }) => !found.scopes.includes(name));
      mustEqual(missing, [], 'connect.exchange: scopes that were granted and are not told');
    }),
};

const usesOf = ({ requests }: Bench['wire'], value: string): number =>
  requests.filter(
    ({ body, query }) =>
      body.includes(value) || body.includes(encodeURIComponent(value)) || [...query.values()].includes(value),
  ).length;

const refusals: Check = {
  name: 'an exchange that fails says why, is not tried again, and repeats neither code nor secret',
  applies: has('connect'),
  run: (adapter, harness) =>
    onConsentBench(adapter, harness, async ({ wire, ctx, logged }, { connect, grant }) => {
      const go = () => connect.exchange(grant, ctx);
      wire.steer(answerOf(harness, 'unavailable'));
      const said = [await mustFail(go, 'retry', 'connect.exchange answered unavailable')];
      wire.steer(() => ({ status: 200, body: '{}' }));
      said.push(await channelError(go, 'connect.exchange answered {}'));
      wire.steer('dropAfter');
      said.push(await mustFail(go, 'retry', 'connect.exchange with a broken connection'));
      wire.steer(null);
      said.push(await mustFail(() => connect.exchange({ ...grant, code: 'kit-stale' }, ctx), 'auth', 'a stale code'));
      mustEqual(usesOf(wire, grant.code), 3, 'connect.exchange: requests with the code, in three tries');
      const text = [...logged, ...said.map((error) => inspect(error, { depth: 12 }))].join('\n');
      const leaks = [grant.code, VERIFIER].filter((value) => text.includes(value));
      must(leaks.length === 0 && !says(text, harness), 'connect.exchange: a log or an error repeats what it sent');
    }),
};

const begins: Check = {
  name: 'setup asks at most three questions, and its answers make good settings',
  applies: ({ setup }) => setup !== undefined,
  run: async (adapter) => {
    const kinds = (adapter.setup ?? []).map(({ kind }) => kind);
    mustEqual(new Set(kinds).size, kinds.length, 'setup: kinds that are used once');
    must(kinds.length > 0, 'setup: no way to begin');
    for (const one of adapter.setup ?? []) begin(adapter, one);
  },
};

function begin(adapter: AnyAdapter, { kind, account, questions, settings, next }: Setup): void {
  must(questions.length <= 3, `setup ${kind}: more than three questions`);
  must(next.trim() !== '', `setup ${kind}: does not say what comes next`);
  const answers = (which: readonly Question[]) => {
    const given = which.map(({ key, example, secret }) => [key, secret ? '${KIT_SETUP}' : example]);
    return { account: account.example, ...Object.fromEntries(given) };
  };
  for (const which of [questions, questions.filter(({ optional }) => !optional)]) {
    const { account: _, ...bare } = answers(which);
    const made = adapter.settings.safeParse(settings ? settings(answers(which)) : bare);
    must(made.success, `setup ${kind}: settings of the examples are refused: ${made.error?.message}`);
  }
}

export const connectChecks: readonly Check[] = [asks, exchanges, refusals, begins];
