import { type Answer, type Asked, json } from '../app/respond.ts';
import type { Outcome } from '../listen.ts';
import { chatRoutes } from './chats.ts';
import { accountRoutes } from './consent.ts';
import { failureAnswer, GraphFailure } from './errors.ts';
import { facebookRoutes } from './facebook.ts';
import { instagramRoutes } from './instagram.ts';
import type { Fault } from './options.ts';
import type { GraphCall, GraphRoutes, Parts } from './parts.ts';
import { tokenRoutes } from './tokens.ts';
import { whatsappRoutes } from './whatsapp.ts';

/** The first that fits answers. Add a platform's routes here. */
const ROUTES: GraphRoutes = [
  ...accountRoutes,
  ...tokenRoutes,
  ...whatsappRoutes,
  ...chatRoutes,
  ...instagramRoutes,
  ...facebookRoutes,
];

/** A call of Graph: `/v26.0/...`. */
export async function answerGraph(parts: Parts, asked: Asked): Promise<Outcome> {
  const path = asked.path.replace(/^\/v\d\d\.\d/, '');
  if (path === '/dialog/oauth') return parts.login.consent.page(asked);
  if (path === '/oauth/access_token') return parts.login.exchange(asked);
  const fault = await parts.faults.meet(asked.method, path);
  try {
    const body = await bodyOf(asked);
    const token = parts.access.tokenOf(asked.headers, asked.query);
    if (fault?.do === 'throttle' || fault?.do === 'refuse') throw refusal(fault, parts, path);
    if (fault && !fault.landed) return broken(fault);
    const fields = { ...Object.fromEntries(asked.query), ...body.fields };
    const given = await dispatch(parts, { ...asked, path, token, caught: [], ...body, fields });
    return fault ? broken(fault) : { ...given, headers: { ...given.headers, ...usageHeaders(parts) } };
  } catch (error) {
    const failure = error instanceof GraphFailure ? error : new GraphFailure(1, undefined, { status: 500 });
    const wait: Record<string, string> = fault?.do === 'throttle' ? throttleHeaders(parts, fault) : {};
    return failureAnswer(failure, { ...usageHeaders(parts), ...wait });
  }
}

async function dispatch(parts: Parts, call: GraphCall): Promise<Answer> {
  for (const [method, pattern, route] of ROUTES) {
    const found = method === call.method ? pattern.exec(call.path) : null;
    if (!found) continue;
    const caught = found.slice(1).map((part) => decodeURIComponent(part ?? ''));
    const given = await route(parts, { ...call, caught });
    if (given !== undefined) return json(200, given);
  }
  throw new GraphFailure(2500, undefined, { message: 'Unknown path components' });
}

async function bodyOf({ headers, body }: Asked): Promise<Pick<GraphCall, 'fields' | 'file'>> {
  const type = String(headers['content-type'] ?? '');
  if (body.length === 0) return { fields: {}, file: null };
  if (type.startsWith('application/json')) return { fields: JSON.parse(body.toString()), file: null };
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const fields: Record<string, unknown> = {};
  let file: GraphCall['file'] = null;
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else file = { name: value.name, mime: value.type, bytes: new Uint8Array(await value.arrayBuffer()) };
  }
  return { fields, file };
}

/** WhatsApp has a code of its own for being too fast. */
function refusal(fault: Fault, { settings }: Parts, path: string): GraphFailure {
  if (fault.do !== 'throttle') return new GraphFailure(fault.code, fault.subcode);
  return new GraphFailure(settings.phones.some(({ id }) => path.startsWith(`/${id}/`)) ? 130_429 : 32);
}

function broken(fault: Fault): Outcome {
  if (fault.do === 'hangup' || fault.do === 'silent') return fault.do;
  return fault.do === 'error' ? json(500, { error: { message: 'broken on purpose', code: 1 } }) : json(200, {});
}

function usageHeaders({ usage: { percent, minutes }, settings }: Parts): Record<string, string> {
  const figures = { call_count: percent, total_time: 1, total_cputime: 1 };
  const business = {
    [settings.pages[0]?.id ?? '0']: [{ type: 'pages', ...figures, estimated_time_to_regain_access: minutes }],
  };
  return { 'x-app-usage': JSON.stringify(figures), 'x-business-use-case-usage': JSON.stringify(business) };
}

function throttleHeaders(parts: Parts, { minutes }: Fault): Record<string, string> {
  if (minutes === 0) return { 'retry-after': '1' };
  return usageHeaders({ ...parts, usage: { percent: 100, minutes } });
}
