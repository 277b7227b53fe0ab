import { type Answer, type Asked, json } from '../app/respond.ts';
import { keepJournal } from '../journal.ts';
import { listen, type Outcome } from '../listen.ts';
import { Faults } from '../meta/faults.ts';
import type { Fault, FaultInput } from '../meta/options.ts';
import { Access } from './access.ts';
import { Bill, Limits } from './bill.ts';
import { Courier } from './courier.ts';
import { type XOptions, xOptions } from './options.ts';
import { ROUTES } from './routes.ts';
import { screen } from './screen.ts';
import { failure, type Parts } from './shapes.ts';
import { tally, World } from './world.ts';

export interface X {
  /** Such as `http://127.0.0.1:4400`; also `apiBase` of a channel. */
  readonly url: string;
  readonly world: World;
  readonly access: Access;
  readonly bill: Bill;
  readonly courier: Courier;
  setFaults(faults: readonly FaultInput[]): void;
  /** What the hub published here, and what came more than once to the same place. */
  published(): ReturnType<typeof tally>;
  close(): Promise<void>;
}

export type { Post } from './world.ts';

/** X on this machine: posts, replies, direct messages, its bill, its limits, its troubles. `now`: the clock it lives by. */
export async function startX(options: XOptions, now: () => number = Date.now): Promise<X> {
  const settings = xOptions.parse(options);
  const world = new World(settings.account, now).setMaxListeners(0);
  const parts: Parts = {
    ...{
      settings,
      world,
      access: new Access(settings, now),
      bill: new Bill(settings.credit, now),
      limits: new Limits(now),
    },
    ...{ faults: new Faults(settings.faults), courier: new Courier(settings), uploads: new Map() },
  };
  const { access, bill, courier, faults } = parts;
  world.on('event', (type, payload) => courier.tell(type, payload));
  const stopKeeping = keepJournal(world, settings.journal);
  const server = await listen(settings, (asked) => answer(parts, asked));
  return {
    ...{ url: server.url, world, access, bill, courier },
    setFaults: (given) => faults.set(given),
    published: () => tally(world),
    async close() {
      await courier.idle();
      await server.close();
      await stopKeeping();
    },
  };
}

async function answer(parts: Parts, asked: Asked): Promise<Outcome> {
  const { path, method, body } = asked;
  if (path === '/2/oauth2/token') return parts.access.answer(asked);
  if (path === '/i/oauth2/authorize') return parts.access.consent.page(asked);
  if (path.startsWith('/2/webhooks')) return webhooks(parts, asked);
  if (path.startsWith('/2/')) return answerApi(parts, asked);
  if (path === '/_published') return json(200, tally(parts.world));
  if (path === '/_bill') return json(200, { ...parts.bill.charged, spent: parts.bill.spent });
  if (path === '/_faults' && method === 'POST') {
    parts.faults.set(JSON.parse(body.toString()));
    return json(200, parts.faults.list());
  }
  return { status: 200, type: 'text/html; charset=utf-8', body: screen(parts) };
}

async function answerApi(parts: Parts, asked: Asked): Promise<Outcome> {
  const { method, path, query, headers } = asked;
  const route = ROUTES.find((one) => one.method === method && one.path.test(path));
  if (!route) return failure(404, 'resource-not-found', 'There is no such endpoint.');
  const fault = await parts.faults.meet(method, path);
  const url = `http://${headers.host}${path}${query.size > 0 ? `?${query}` : ''}`;
  if (!parts.access.isAccount(asked, url)) return failure(401, 'Unauthorized', 'Unauthorized');
  const { headers: limits, over } = parts.limits.take(`${method} ${route.path}`, parts.settings.calls ?? route.most);
  if (over) return failure(429, 'rate-limit-exceeded', 'Too Many Requests', limits);
  if (parts.bill.isEmpty) return failure(402, 'CreditsDepleted', 'Your account has no credits left.', limits);
  if (fault?.do === 'throttle') return throttled(parts);
  if (fault?.do === 'refuse')
    return failure(400, 'invalid-request', 'One or more parameters to your request was invalid.');
  if (fault && !fault.landed) return broken(fault, json(201, {}));
  const given = route.run(parts, asked, route.path.exec(path) as RegExpExecArray);
  const told = { ...given, headers: { ...limits, ...given.headers } };
  return fault ? broken(fault, told) : told;
}

function throttled({ world }: Parts): Answer {
  const reset = String(Math.ceil(world.now() / 1_000) + 1);
  return failure(429, 'rate-limit-exceeded', 'Too Many Requests', {
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': reset,
  });
}

function broken(fault: Fault, given: Answer): Outcome {
  if (fault.do === 'hangup' || fault.do === 'silent') return fault.do;
  return fault.do === 'error' ? { status: 503, type: 'text/html', body: '<html>Over capacity</html>' } : { cut: given };
}

/** Only with the app's own token. PUT asks for the challenge again. */
async function webhooks({ access, courier }: Parts, asked: Asked): Promise<Answer> {
  if (!access.isApp(asked)) return failure(401, 'Unauthorized', 'Unauthorized');
  if (asked.method === 'POST') courier.hook = String(JSON.parse(asked.body.toString()).url);
  if (asked.method === 'POST' || asked.method === 'PUT') {
    const valid = await courier.check();
    return valid ? json(200, { data: { id: WEBHOOK, valid } }) : failure(400, 'CrcValidationFailed', 'The CRC failed.');
  }
  return json(200, { data: courier.hook ? [{ id: WEBHOOK, url: courier.hook, valid: courier.valid }] : [] });
}

export const WEBHOOK = '1880000000000000001';
