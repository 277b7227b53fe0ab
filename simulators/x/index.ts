import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type Asked, json, readRequest, write } from '../app/respond.ts';
import { Faults } from '../meta/faults.ts';
import { keepJournal } from '../meta/journal.ts';
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
  const stopKeeping = settings.journal === undefined ? async () => {} : await keepJournal(world, settings.journal);
  const server = createServer((incoming, response) => void serve(parts, incoming, response));
  await new Promise<void>((done, fail) => server.once('error', fail).listen(settings.port, settings.host, done));
  return {
    ...{ url: `http://${settings.host}:${(server.address() as AddressInfo).port}`, world, access, bill, courier },
    setFaults: (given) => faults.set(given),
    published: () => tally(world),
    async close() {
      await courier.idle();
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
      await stopKeeping();
    },
  };
}

type Outcome = Answer | 'hangup' | 'silent' | { cut: Answer };

async function serve(parts: Parts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const outcome = await answer(parts, await readRequest(incoming, response));
    if (outcome === 'hangup') incoming.socket.destroy();
    else if (outcome === 'silent') return;
    else if ('cut' in outcome) cut(outcome.cut, incoming, response);
    else write(response, outcome);
  } catch (error) {
    if (!response.headersSent) write(response, json(400, { error: error instanceof Error ? error.message : 'bad' }));
  }
}

/** The head says how long the answer is, and half of it comes. */
function cut({ status, body }: Answer, incoming: IncomingMessage, response: ServerResponse): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => incoming.socket.destroy());
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
