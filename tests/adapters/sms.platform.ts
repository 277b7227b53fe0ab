import type { Handler, KitEvent, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';

export const TOKEN = 'kit-sms-token-5b1f0c9e';
export const PAGE = 20;
export const CITIZEN = '+6281255512345';

const ok = (body: unknown): WireAnswer => ({ status: 200, body });
const jsonOf = ({ body }: WireRequest): Record<string, unknown> =>
  JSON.parse(body.toString()) as Record<string, unknown>;

/** As this gateway writes an SMS, fetched or delivered. */
export const smsOf = ({ verb, account, objectId, at, text }: KitEvent): Record<string, unknown> =>
  verb === 'garbage'
    ? { pesan: text }
    : { id: objectId, dari: CITIZEN.slice(1), ke: account, pesan: text, waktu: at.toISOString() };

/** A gateway that speaks JSON with a bearer token, knows our references, and lists SMS from a time on, that time included. */
export function jsonGateway(state: PlatformState): Handler {
  return (request) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { error: 'unauthorized' } };
    switch (`${request.method} ${request.path}`) {
      case 'POST /v1/sms': {
        const { messages } = jsonOf(request) as { messages: { to: string; text: string; ref: string }[] };
        return ok({ data: { id: land(state, messages[0]?.text ?? '', messages[0]?.ref ?? null) } });
      }
      case 'GET /v1/sms':
        return ok({ data: found(state, request.query.get('ref')) });
      case 'GET /v1/inbox':
        return ok({ data: newest(state, request.query.get('since') ?? '').map(smsOf) });
      case 'GET /v1/balance':
        return ok({ saldo: 12_500 });
      default:
        return { status: 404, body: {} };
    }
  };
}

/** A message from before: what a look-up that works finds. */
export const BEFORE = 'sms-yang-pasti-diterima';

const found = ({ landed }: PlatformState, key: string | null) =>
  [{ id: 'out-0', key: BEFORE }, ...landed].filter((one) => one.key === key).map(entryOf);

const entryOf = ({ id, key }: Pick<PlatformState['landed'][number], 'id' | 'key'>) => ({ id, ref: key });

const newest = ({ events }: PlatformState, since: string): KitEvent[] =>
  [...events]
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .filter(({ at }) => at.toISOString() >= since)
    .slice(0, PAGE);

function land(state: PlatformState, text: string, key: string | null): string {
  const id = `out-${state.landed.length + 1}`;
  state.landed.push({ id, key, text, files: 0 });
  return id;
}

/** One that takes forms with a name and a password, answers 200 to everything, and numbers what it holds. */
export function formGateway(state: PlatformState): Handler {
  return (request) => {
    const basic = `Basic ${Buffer.from(`kabupaten:${TOKEN}`).toString('base64')}`;
    if (request.headers.authorization !== basic) return { status: 401, body: { status: '7' } };
    const form = new URLSearchParams(request.body.toString());
    switch (`${request.method} ${request.path}`) {
      case 'POST /api/sms':
        if (!/^08\d+$/.test(form.get('nomor') ?? '')) return ok({ status: '4' });
        return ok({ status: '0', message_id: land(state, form.get('pesan') ?? '', form.get('acuan')) });
      case 'GET /api/laporan':
        return ok(found(state, request.query.get('acuan')));
      case 'GET /api/masuk': {
        const after = Number(request.query.get('posisi') ?? 0);
        const page = state.events.slice(after, after + PAGE);
        return ok({ pesan: page.map(smsOf), posisi: after + page.length });
      }
      default:
        return { status: 404, body: {} };
    }
  };
}
