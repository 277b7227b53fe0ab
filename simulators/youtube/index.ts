import { type Asked, json } from '../app/respond.ts';
import { Tokens } from '../google/tokens.ts';
import { keepJournal } from '../journal.ts';
import { listen, type Outcome } from '../listen.ts';
import { Faults } from '../meta/faults.ts';
import type { Fault, FaultInput } from '../meta/options.ts';
import { type YoutubeOptions, type YoutubeSettings, youtubeOptions } from './options.ts';
import { dispatch, failure, unitsOf } from './routes.ts';
import { screen } from './screen.ts';
import { tally, World } from './world.ts';

export interface Youtube {
  /** Such as `http://127.0.0.1:4300`; also `apiBase` of a channel. */
  readonly url: string;
  readonly world: World;
  readonly tokens: Tokens;
  /** Units of the day: how many there are, and how many were used. */
  readonly quota: { units: number; used: number };
  setFaults(faults: readonly FaultInput[]): void;
  published(): ReturnType<typeof tally>;
  close(): Promise<void>;
}

interface Parts {
  settings: YoutubeSettings;
  world: World;
  tokens: Tokens;
  faults: Faults;
  quota: { units: number; used: number };
}

/** YouTube's comments on this machine: threads, replies, queues, quota. */
export async function startYoutube(options: YoutubeOptions): Promise<Youtube> {
  const settings = youtubeOptions.parse(options);
  const scope = 'https://www.googleapis.com/auth/youtube.force-ssl';
  const world = new World();
  const parts: Parts = {
    ...{ settings, world, quota: { units: settings.units, used: 0 } },
    ...{ tokens: new Tokens({ ...settings, tokenSeconds: 3_599, scope }), faults: new Faults(settings.faults) },
  };
  const stopKeeping = keepJournal(world, settings.journal);
  const server = await listen(settings, (asked) => answer(parts, asked));
  const { tokens, quota, faults } = parts;
  return {
    ...{ url: server.url, world, tokens, quota },
    setFaults: (given) => faults.set(given),
    published: () => tally(world),
    async close() {
      await server.close();
      await stopKeeping();
    },
  };
}

async function answer(parts: Parts, asked: Asked): Promise<Outcome> {
  const { world, tokens, faults } = parts;
  if (asked.path === '/token') return tokens.answer(asked);
  if (asked.path === '/auth') return tokens.consent.page(asked);
  if (asked.path === '/_published') return json(200, tally(world));
  if (asked.method === 'POST' && asked.path === '/_faults') {
    faults.set(JSON.parse(asked.body.toString()));
    return json(200, faults.list());
  }
  if (/^\/(channels|comments|commentThreads)$/.test(asked.path)) return answerApi(parts, asked);
  return { status: 200, type: 'text/html; charset=utf-8', body: screen(world) };
}

async function answerApi(parts: Parts, asked: Asked): Promise<Outcome> {
  const { quota, faults, tokens } = parts;
  const fault = await faults.meet(asked.method, asked.path);
  if (!tokens.isGood(asked)) return failure(401, 'authError');
  if (quota.used + unitsOf(asked) > quota.units) return failure(403, 'quotaExceeded');
  quota.used += unitsOf(asked);
  if (fault?.do === 'throttle') return failure(403, 'rateLimitExceeded', { 'retry-after': '1' });
  if (fault?.do === 'refuse') return failure(400, 'operationNotSupported');
  if (fault && !fault.landed) return broken(fault);
  const given = dispatch(parts, asked);
  return fault ? broken(fault) : given;
}

function broken(fault: Fault): Outcome {
  if (fault.do === 'hangup' || fault.do === 'silent') return fault.do;
  return fault.do === 'error' ? failure(500, 'backendError') : json(200, {});
}
