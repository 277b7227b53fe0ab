import { createHmac } from 'node:crypto';
import type { Harness, KitEvent } from '../kit/index.ts';
import { BEFORE, CITIZEN, formGateway, jsonGateway, PAGE, smsOf, TOKEN } from './sms.platform.ts';

export const HOOK = 'kit-sms-hook-0123456789abcdef';

const PLACES = { id: 'id', from: 'dari', to: 'ke', text: 'pesan', at: 'waktu' };

/** As the adapter stores an SMS of any gateway. */
function rawOf(event: KitEvent): string {
  if (event.verb === 'garbage') return JSON.stringify({ strange: smsOf(event) });
  const { id, dari, pesan, waktu } = smsOf(event);
  return JSON.stringify({ message: { id, from: dari, text: pesan, at: waktu } });
}

const common = {
  account: '+6281100012',
  secrets: { KIT_SMS: TOKEN, KIT_SMS_HOOK: HOOK },
  verbs: ['create'],
  raw: rawOf,
  pageSize: PAGE,
  target: { threadId: CITIZEN },
  stored: { taken: { key: BEFORE, at: '2026-11-24T07:00:00.000Z' } },
  alertTo: CITIZEN,
  reach: { phone: '0812-5551-2345' },
  publishes: ({ method, path }) => method === 'POST' && path.endsWith('/sms'),
} satisfies Partial<Harness>;

const receive: NonNullable<Harness['receive']> = {
  settings: {
    verify: { kind: 'hmac-sha256', secrets: ['${KIT_SMS_HOOK}'], prefix: 'sha256=', timestamp: 'X-Timestamp' },
    items: 'data',
    message: PLACES,
    report: { id: 'id', status: 'status' },
  },
  body: (events) => Buffer.from(JSON.stringify({ data: events.map(smsOf) })),
  sign(body, at) {
    const stamp = String(Math.floor(at.getTime() / 1_000));
    const signed = Buffer.concat([Buffer.from(`${stamp}.`), body]);
    const mac = createHmac('sha256', HOOK).update(signed).digest('hex');
    return { body, headers: { 'x-timestamp': stamp, 'x-signature': `sha256=${mac}` }, query: {} };
  },
  signatureHeaders: ['x-timestamp', 'x-signature'],
  dated: true,
};

/** Settings as in a channel's file. */
export const jsonSettings = (origin: string) => ({
  via: 'gateway',
  baseUrl: `${origin}/v1/`,
  auth: { kind: 'bearer', token: '${KIT_SMS}' },
  send: {
    path: '/sms',
    fields: { 'messages.0.to': '{to}', 'messages.0.text': '{text}', 'messages.0.ref': '{key}', flash: false },
    answer: { id: 'data.id' },
  },
  lookup: { path: '/sms', query: { ref: '{key}' }, items: 'data', key: 'ref', id: 'id' },
  inbox: { path: '/inbox', query: { since: '{cursor}' }, items: 'data', message: PLACES, last: 'waktu', size: PAGE },
  check: { path: '/balance', balance: 'saldo', warnBelow: 1_000 },
});

export const formSettings = (origin: string) => ({
  via: 'gateway',
  baseUrl: `${origin}/api`,
  auth: { kind: 'basic', user: 'kabupaten', password: '${KIT_SMS}' },
  numbers: 'local',
  send: {
    path: '/sms',
    body: 'form',
    fields: { nomor: '{to}', pesan: '{text}', acuan: '{key}' },
    answer: { id: 'message_id', success: { at: 'status', is: [0] }, codes: [{ at: 'status', is: [4], means: 'gone' }] },
  },
  lookup: { path: '/laporan', query: { acuan: '{key}' }, key: 'ref', id: 'id' },
  inbox: {
    ...{ path: '/masuk', query: { posisi: '{cursor}' }, items: 'pesan', message: PLACES, next: 'posisi' },
  },
});

export const harnesses: readonly Harness[] = [
  { ...common, variant: 'JSON, bearer', settings: jsonSettings, platform: jsonGateway, receive },
  { ...common, variant: 'form, basic', settings: formSettings, platform: formGateway, receive },
];
