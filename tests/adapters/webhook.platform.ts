import type { Handler, KitEvent, Landed, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';

export const TOKEN = 'kit-token-5b1f0c9e77aa';
export const PHOTO = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x80, 0xfe]);
export const PAGE = 200;

/** The event in our published item format, as an application writes it. */
export function itemOf({ verb, account, objectId, at, text }: KitEvent): Record<string, unknown> {
  const about = { account, objectId, at: at.toISOString() };
  if (verb === 'garbage') return { account, type: 'message', text };
  if (verb === 'delete') return { ...about, type: 'deletion' };
  return {
    ...about,
    type: 'message',
    threadId: objectId,
    surface: 'report',
    text,
    ...(verb === 'edit' && { edited: true }),
  };
}

/** A faithful small copy of an application that speaks adapters/webhook/README.md. */
export function webhookPlatform(state: PlatformState): Handler {
  const routes: Record<string, (request: WireRequest) => WireAnswer | Promise<WireAnswer>> = {
    'GET /api/items': ({ query }) => items(state, Number(query.get('after') ?? 0)),
    'GET /api/changes': async ({ query }) => {
      if (Number(query.get('after') ?? -1) === state.events.length) await state.nextEvent();
      return { status: 200, body: { next: String(state.events.length) } };
    },
    'GET /api/replies': ({ query }) => ({ status: 200, body: { items: known(state, query.get('key')) } }),
    'POST /api/replies': (request) => land(state, request),
    'POST /api/statuses': (request) => land(state, request),
    'POST /api/reports': (request) => land(state, request),
    'GET /api/media/1.jpg': () => ({ status: 200, headers: { 'content-type': 'image/jpeg' }, body: PHOTO }),
    'GET /api/health': () => ({ status: 200, body: { ok: true } }),
  };
  return (request) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: {} };
    return routes[`${request.method} ${request.path}`]?.(request) ?? { status: 404, body: {} };
  };
}

function items(state: PlatformState, after: number): WireAnswer {
  const page = state.events.slice(after, after + PAGE);
  const next = after + page.length;
  return { status: 200, body: { items: page.map(itemOf), next: String(next), more: next < state.events.length } };
}

const known = (state: PlatformState, key: string | null): Landed[] =>
  state.landed.filter((one) => key === null || one.key === key);

/** A key it knows publishes nothing new. */
function land(state: PlatformState, request: WireRequest): WireAnswer {
  const body = JSON.parse(request.body.toString()) as { key: string; text?: string; note?: string; files: unknown[] };
  const stands = state.landed.find((one) => one.key === body.key);
  if (stands) return { status: 409, body: { id: stands.id } };
  const id = `r-${state.landed.length + 1}`;
  state.landed.push({ id, key: body.key, text: body.text ?? body.note ?? '', files: body.files.length });
  return { status: 201, body: { id, permalink: `http://127.0.0.1/aduan/${id}` } };
}
