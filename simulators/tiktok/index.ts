import { type Asked, json } from '../app/respond.ts';
import { keepJournal } from '../journal.ts';
import { listen, type Outcome } from '../listen.ts';
import { Faults } from '../meta/faults.ts';
import type { Fault, FaultInput } from '../meta/options.ts';
import { Courier } from './courier.ts';
import { failure, withBareIds } from './envelope.ts';
import { type Manners, manners, type TiktokOptions, type TiktokSettings, tiktokOptions } from './options.ts';
import { dispatch } from './routes.ts';
import { screen } from './screen.ts';
import { Tokens } from './tokens.ts';
import { tally, World } from './world.ts';

export interface Tiktok {
  /** Such as `http://127.0.0.1:4400`; also `apiBase` of a channel. */
  readonly url: string;
  readonly world: World;
  readonly tokens: Tokens;
  /** How its answers look from now on; change what is in it. */
  readonly manners: Manners;
  readonly courier: Courier;
  setFaults(faults: readonly FaultInput[]): void;
  /** What the hub published here, and which words came more than once below one comment. */
  published(): ReturnType<typeof tally>;
  /** Resolves when every delivery was acknowledged. */
  delivered(): Promise<void>;
  close(): Promise<void>;
}

export type { TiktokOptions } from './options.ts';
export type { Comment, Video } from './world.ts';

interface Parts {
  settings: TiktokSettings;
  world: World;
  tokens: Tokens;
  faults: Faults;
  manners: Manners;
}

/** TikTok API for Business on this machine: comments, replies, mentions, messages, tokens, consent, deliveries. */
export async function startTiktok(options: TiktokOptions): Promise<Tiktok> {
  const settings = tiktokOptions.parse(options);
  const world = new World(settings.handle);
  const courier = new Courier(settings);
  world.on('happened', (happening) => courier.tell(happening));
  const parts: Parts = {
    ...{ settings, world, manners: settings.manners, faults: new Faults(settings.faults) },
    tokens: new Tokens(settings, settings.manners),
  };
  const stopKeeping = keepJournal(world, settings.journal);
  const server = await listen(settings, (asked) => answer(parts, asked));
  return {
    url: server.url,
    ...{ world, courier, tokens: parts.tokens, manners: parts.manners },
    setFaults: (faults) => parts.faults.set(faults),
    published: () => tally(world),
    delivered: () => courier.idle(),
    async close() {
      await courier.close();
      await server.close();
      await stopKeeping();
    },
  };
}

async function answer(parts: Parts, asked: Asked): Promise<Outcome> {
  const { world, tokens, faults } = parts;
  if (asked.path.startsWith('/tt_user/oauth2/')) return answerToken(parts, asked);
  if (asked.path === '/v2/auth/authorize') return tokens.consent.page(asked);
  if (asked.path.startsWith('/business/')) return answerApi(parts, asked);
  if (asked.path === '/_published') return json(200, tally(world));
  if (asked.method === 'POST' && asked.path === '/_faults') {
    faults.set(JSON.parse(asked.body.toString()));
    return json(200, faults.list());
  }
  if (asked.method === 'POST' && asked.path === '/_manners') {
    Object.assign(parts.manners, manners.partial().parse(JSON.parse(asked.body.toString())));
    return json(200, parts.manners);
  }
  return { status: 200, type: 'text/html; charset=utf-8', body: screen(world) };
}

async function answerToken({ faults, tokens }: Parts, asked: Asked): Promise<Outcome> {
  const fault = await faults.meet(asked.method, asked.path);
  if (fault && !fault.landed) return broken(fault);
  const given = tokens.answer(asked);
  return fault ? broken(fault) : given;
}

async function answerApi(parts: Parts, asked: Asked): Promise<Outcome> {
  const fault = await parts.faults.meet(asked.method, asked.path);
  if (!parts.tokens.isGood(asked)) return failure(40105, 'Access token is incorrect or has been revoked');
  if (fault?.do === 'throttle') return failure(40100, 'Too many requests', { 'retry-after': '1' });
  if (fault?.do === 'refuse') return failure(fault.code === 100 ? 40002 : fault.code, 'comment not found');
  if (fault && !fault.landed) return broken(fault);
  const given = dispatch(parts, asked);
  if (fault) return broken(fault);
  return parts.manners.bareIds ? { ...given, body: withBareIds(String(given.body)) } : given;
}

/** `noId`: a success that names nothing. */
function broken(fault: Fault): Outcome {
  if (fault.do === 'hangup' || fault.do === 'silent') return fault.do;
  return fault.do === 'error'
    ? json(500, { message: 'Internal error' })
    : json(200, { code: 0, message: 'OK', data: {} });
}
