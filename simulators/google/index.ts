import { type Answer, type Asked, json } from '../app/respond.ts';
import { keepJournal } from '../journal.ts';
import { listen, type Outcome } from '../listen.ts';
import { Faults } from '../meta/faults.ts';
import type { Fault, FaultInput } from '../meta/options.ts';
import { type GoogleOptions, type GoogleSettings, googleOptions } from './options.ts';
import { Pusher } from './pusher.ts';
import { dispatch, failure } from './routes.ts';
import { screen } from './screen.ts';
import { Tokens } from './tokens.ts';
import { tally, World } from './world.ts';

export interface Google {
  /** Such as `http://127.0.0.1:4200`; `apiBase`, `infoBase` and `noticeBase` of a channel. */
  readonly url: string;
  readonly world: World;
  /** Ids of the locations. */
  readonly places: readonly string[];
  readonly tokens: Tokens;
  setFaults(faults: readonly FaultInput[]): void;
  /** Where to push from now on. */
  pushTo(push: GoogleSettings['push']): void;
  /** What the hub published here, and which words came more than once below one review. */
  published(): ReturnType<typeof tally>;
  /** Resolves when every push was acknowledged. */
  delivered(): Promise<void>;
  close(): Promise<void>;
}

export type { GoogleOptions } from './options.ts';
export type { Review } from './world.ts';

interface Parts {
  settings: GoogleSettings;
  world: World;
  tokens: Tokens;
  faults: Faults;
  pusher: Pusher;
  /** Calls in this minute. */
  minute: { at: number; calls: number };
}

const SCOPE = 'https://www.googleapis.com/auth/business.manage';

/** Google Business Profile on this machine: reviews, replies and their moderation, tokens, quota, pushes. */
export async function startGoogle(options: GoogleOptions): Promise<Google> {
  const settings = googleOptions.parse(options);
  const world = new World(settings);
  const pusher = new Pusher(settings.push);
  world.onChange((kind, review) => pusher.tell(kind, review));
  const parts: Parts = {
    ...{ settings, world, pusher, minute: { at: 0, calls: 0 } },
    ...{ tokens: new Tokens({ ...settings, scope: SCOPE }), faults: new Faults(settings.faults) },
  };
  const stopKeeping = keepJournal(world, settings.journal);
  const server = await listen(settings, (asked) => answer(parts, asked));
  return {
    ...{ url: server.url, world, tokens: parts.tokens },
    places: settings.locations.map(({ id }) => id),
    setFaults: (faults) => parts.faults.set(faults),
    pushTo(push) {
      pusher.push = push;
    },
    published: () => tally(world),
    delivered: () => pusher.idle(),
    async close() {
      await pusher.close();
      await server.close();
      await stopKeeping();
    },
  };
}

async function answer(parts: Parts, asked: Asked): Promise<Outcome> {
  const { world, tokens, pusher, settings } = parts;
  if (asked.path === '/token') return tokens.answer(asked);
  if (asked.path === '/auth') return tokens.consent.page(asked);
  if (asked.path === '/oauth2/v3/certs') return pusher.certs();
  if (/^\/v[14]\//.test(asked.path)) return answerApi(parts, asked);
  if (asked.path === '/_published') return json(200, tally(world));
  if (asked.method === 'POST' && asked.path === '/_faults') {
    parts.faults.set(JSON.parse(asked.body.toString()));
    return json(200, parts.faults.list());
  }
  return { status: 200, type: 'text/html; charset=utf-8', body: screen(world, settings) };
}

async function answerApi(parts: Parts, asked: Asked): Promise<Outcome> {
  const fault = await parts.faults.meet(asked.method, asked.path);
  if (!parts.tokens.isGood(asked)) return failure(401, 'UNAUTHENTICATED');
  if (overQuota(parts)) return exhausted(parts.world.quota);
  if (fault?.do === 'throttle') return { ...exhausted(parts.world.quota), headers: { 'retry-after': '1' } };
  if (fault?.do === 'refuse') return failure(403, 'PERMISSION_DENIED');
  if (fault && !fault.landed) return broken(fault);
  const given = dispatch(parts, asked);
  return fault ? broken(fault) : given;
}

const MINUTE_MS = 60_000;

function overQuota({ world, minute }: Parts): boolean {
  const now = Date.now();
  if (now - minute.at >= MINUTE_MS) Object.assign(minute, { at: now, calls: 0 });
  minute.calls += 1;
  return minute.calls > world.quota;
}

function exhausted(quota: number): Answer {
  const metadata = {
    quota_limit_value: String(quota),
    quota_unit: '1/min/{project}',
    service: 'mybusiness.googleapis.com',
  };
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED', metadata };
  return failure(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded', [{ ...info, domain: 'googleapis.com' }]);
}

function broken(fault: Fault): Outcome {
  if (fault.do === 'hangup' || fault.do === 'silent') return fault.do;
  return fault.do === 'error' ? failure(500, 'INTERNAL') : json(200, {});
}
