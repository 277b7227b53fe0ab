import type { Handler, KitEvent, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';
import { APP_ID, APP_SECRET, graphError, isProven, seconds, TOKEN } from './meta/signing.ts';

export const NUMBER = '300100000000001';
export const BUSINESS = '200100000000001';
export const CITIZEN = { wa_id: '6281255512345', user_id: 'ID.90210000000000000001', profile: { name: 'Lina' } };
export const PHOTO = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x80, 0xfe]);
const METADATA = { display_phone_number: '622870001111', phone_number_id: NUMBER };

/** The message of the event, as a delivery brings it. */
export function messageOf({ verb, objectId, at, text }: KitEvent): Record<string, unknown> {
  const about = { from: CITIZEN.wa_id, from_user_id: CITIZEN.user_id, timestamp: String(seconds(at)) };
  const words = { type: 'text', text: { body: text } };
  const original = { original_message_id: objectId };
  if (verb === 'garbage') return { type: 'text', text: { body: text } };
  if (verb === 'delete') return { ...about, id: `${objectId}-revoke`, type: 'revoke', revoke: original };
  const change = { id: `${objectId}-edit-${seconds(at)}`, type: 'edit', edit: { ...original, message: words } };
  return verb === 'edit' ? { ...about, ...change } : { ...about, id: objectId, ...words };
}

export const entryOf = (events: readonly KitEvent[]) => ({
  id: BUSINESS,
  changes: events.map((event) => ({
    field: 'messages',
    value: {
      ...{ messaging_product: 'whatsapp', metadata: { ...METADATA, phone_number_id: event.account } },
      ...{ contacts: [CITIZEN], messages: [messageOf(event)] },
    },
  })),
});

/** Graph as far as a number needs it. */
export function whatsappPlatform(state: PlatformState, origin: () => string): Handler {
  return (request) => {
    const path = request.path.replace(/^\/v\d\d\.0/, '');
    const refusal = refuse(request, path);
    if (refusal) return refusal;
    if (path.startsWith('/cdn/')) return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: PHOTO };
    const route = `${request.method} ${path}`;
    if (route === `POST /${NUMBER}/messages`) return land(state, JSON.parse(request.body.toString()));
    if (route === 'GET /2754859441498128') return ok({ url: `${origin()}/cdn/1`, mime_type: 'image/jpeg' });
    const answer = ANSWERS[route];
    return answer ? ok(answer) : graphError(400, 100, 33);
  };
}

const ok = (body: unknown): WireAnswer => ({ status: 200, body });

/** Files want the token, too, but no proof. */
function refuse({ headers, query }: WireRequest, path: string): WireAnswer | null {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  if (token !== TOKEN && token !== `${APP_ID}|${APP_SECRET}`) return graphError(401, 190, 463);
  return path.startsWith('/cdn/') || isProven(token, query.get('appsecret_proof')) ? null : graphError(400, 100);
}

const FIELDS = ['messages', 'smb_message_echoes', 'history', 'account_update', 'message_template_status_update'];
const SCOPES = ['whatsapp_business_messaging', 'whatsapp_business_management'];
const TEMPLATES = [
  {
    ...{ name: 'jawaban_aduan', language: 'id', status: 'APPROVED' },
    components: [{ type: 'BODY', text: 'Jawaban atas aduan {{1}}: {{2}}' }],
  },
  {
    ...{ name: 'aduan_baru', language: 'id', status: 'APPROVED' },
    components: [{ type: 'BODY', text: 'Ada {{1}} aduan baru, terbaru {{2}}.' }],
  },
];

const ANSWERS: Readonly<Record<string, unknown>> = {
  'GET /debug_token': { data: { is_valid: true, expires_at: 0, data_access_expires_at: 0, scopes: SCOPES } },
  [`GET /${APP_ID}/subscriptions`]: {
    data: [{ object: 'whatsapp_business_account', active: true, fields: FIELDS.map((name) => ({ name })) }],
  },
  [`GET /${BUSINESS}/subscribed_apps`]: { data: [{ whatsapp_business_api_data: { id: APP_ID, name: 'Kanal' } }] },
  [`GET /${BUSINESS}/message_templates`]: { data: TEMPLATES },
  [`GET /${NUMBER}`]: { verified_name: 'Kabupaten Contoh', quality_rating: 'GREEN', status: 'CONNECTED' },
  [`POST /${NUMBER}/media`]: { id: 'upload-1' },
};

type Sent = { status?: string; message_id?: string } & { type: string; biz_opaque_callback_data: string } & Record<
    string,
    Record<string, string> | undefined
  >;

function land(state: PlatformState, sent: Sent): WireAnswer {
  if (sent.status === 'read') {
    state.read.add(sent.message_id ?? '');
    return ok({ success: true });
  }
  const id = `wamid.OUT${state.landed.length + 1}`;
  const media = sent[sent.type];
  const text = media?.body ?? media?.caption ?? '';
  const files = media?.id === 'upload-1' ? 1 : 0;
  state.landed.push({ id, key: sent.biz_opaque_callback_data, text, files });
  return ok({ messaging_product: 'whatsapp', messages: [{ id, message_status: 'accepted' }] });
}
