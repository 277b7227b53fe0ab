import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChannelError, type ChannelStore, type Json } from '#contract';
import sms from '../../../adapters/sms/index.ts';
import { kitHttp } from '../../kit/http.ts';
import { startWire, type Wire, type WireAnswer, type WireRequest } from '../../kit/wire.ts';
import { CITIZEN, contextOf, OURS, replyTo } from './context.ts';

let wire: Wire;
let answer: (request: WireRequest) => WireAnswer;
beforeEach(async () => {
  answer = () => ({ status: 200, body: { status: '0', id: 'out-1' } });
  wire = await startWire((request) => answer(request));
});
afterEach(() => wire.close());

const send = { path: '/sms', fields: { to: '{to}', text: '{text}' }, answer: { id: 'id' } };
const context = (settings: Record<string, unknown> = {}) =>
  contextOf(
    { via: 'gateway', baseUrl: wire.origin, send, ...settings },
    { http: kitHttp(wire.origin, new AbortController().signal) },
  );
const publish = (text = 'Sudah kami tambal.', settings: Record<string, unknown> = {}, to = CITIZEN) =>
  sms.publish!.send(replyTo(to, text), context(settings));
const body = () => JSON.parse(wire.requests[0]!.body.toString()) as unknown;

describe('what a send is', () => {
  test('fields, nested and fixed ones, the number and the coding as the gateway wants them', async () => {
    const fields = {
      ...{
        'messages.0.to': '{to}',
        'messages.0.content.text': '{text}',
        sender: '{from}',
        ref: 'hub-{key}',
        dlr: true,
      },
      ...{ dcs: '{coding}', ticket: '{ticketNo}' },
    };
    await publish('Baik 👍', { numbers: 'digits', send: { ...send, fields } });
    const content = { text: 'Baik 👍' };
    expect(body()).toEqual({
      ...{ messages: [{ to: CITIZEN.slice(1), content }], sender: OURS, dcs: '8', dlr: true, ticket: '' },
      ref: 'hub-0199f000-aaaa-7bbb-8ccc-0123456789ab',
    });
  });

  test('a form with the key in its body, and no secret in any address', async () => {
    const auth = { kind: 'body', fields: { passkey: '${SMS_KEY}' } };
    await publish('“Baik”', {
      auth,
      from: 'KABUPATEN',
      send: { ...send, body: 'form', fields: { ...send.fields, dari: '{from}' } },
    });
    const form = new URLSearchParams(wire.requests[0]!.body.toString());
    expect(Object.fromEntries(form)).toEqual({
      to: CITIZEN,
      text: '"Baik"',
      dari: 'KABUPATEN',
      passkey: 'kunci-rahasia-uji',
    });
    expect(`${wire.requests[0]!.path}?${wire.requests[0]!.query}`).not.toContain('rahasia');
  });

  test('headers as a key', async () => {
    await publish('Baik', { auth: { kind: 'headers', headers: { 'X-Api-Key': '${SMS_KEY}' } } });
    expect(wire.requests[0]!.headers['x-api-key']).toBe('kunci-rahasia-uji');
  });

  test('plainText: false leaves every sign as it was approved', async () => {
    await publish('“Baik”', { plainText: false });
    expect(body()).toMatchObject({ text: '“Baik”' });
  });

  test.each([
    ['3636', 'Baik', 'unsupported'],
    ['TSEL', 'Baik', 'unsupported'],
    [CITIZEN, 'a'.repeat(613), 'content'],
    [CITIZEN, '👍'.repeat(133), 'content'],
  ])('to %s, %j: refused (%s) before any request', async (to, text, reason) => {
    await expect(publish(text, {}, to)).rejects.toMatchObject({ kind: 'refused', reason });
    expect(wire.requests).toHaveLength(0);
  });
});

const CODES = [
  { at: 'status', is: ['7', 'BAD_KEY'], means: 'auth' },
  { at: 'status', is: [4], means: 'gone' },
  { at: 'status', is: ['SPAM'], means: 'content' },
  { at: 'status', is: ['FAST'], means: 'throttled' },
  { http: 403, means: 'auth' },
  { http: 400, at: 'error.code', is: ['NO_ROUTE'], means: 'forbidden' },
];

describe('what an answer means', () => {
  test.each([
    [200, { status: '0', id: 'out-1' }, 'published', undefined],
    [201, { status: 0, id: 81234 }, 'published', undefined],
    [200, { status: '0' }, 'doubt', undefined],
    [200, { status: '0', id: '' }, 'doubt', undefined],
    [200, { status: '0', id: true }, 'doubt', undefined],
    [200, { status: '9', id: 'out-1' }, 'doubt', undefined],
    [200, 'OK', 'doubt', undefined],
    [200, { status: '7' }, 'auth', undefined],
    [200, { status: 4 }, 'refused', 'gone'],
    [200, { status: 'SPAM', id: 'out-1' }, 'refused', 'content'],
    [400, { status: 'BAD_KEY' }, 'auth', undefined],
    [200, { status: 'FAST' }, 'throttled', undefined],
    [400, { error: { code: 'NO_ROUTE' } }, 'refused', 'forbidden'],
    [400, { error: { code: 'OTHER' } }, 'refused', 'invalid'],
    [403, {}, 'auth', undefined],
    [401, {}, 'auth', undefined],
    [404, {}, 'refused', 'gone'],
    [409, {}, 'doubt', undefined],
    [422, {}, 'refused', 'content'],
    [429, {}, 'throttled', undefined],
    // It may have gone out all the same, whatever the answer says.
    [500, { status: 4 }, 'doubt', undefined],
    [502, { status: '7' }, 'doubt', undefined],
    [302, {}, 'doubt', undefined],
  ])('%i %j: %s', async (status, given, kind, reason) => {
    answer = () => ({ status, body: given, headers: { 'retry-after': '7' } });
    const rules = { ...send, answer: { id: 'id', success: { at: 'status', is: ['0'] }, codes: CODES } };
    const outcome: unknown = await publish('Baik', { send: rules }).catch((error: unknown) => error);
    if (kind === 'published') return expect(outcome).toEqual({ publishedId: String((given as { id: unknown }).id) });
    expect(outcome).toBeInstanceOf(ChannelError);
    const error = outcome as ChannelError;
    expect(error.kind).toBe(kind === 'doubt' ? 'retry' : kind);
    expect(error.nothingSent).toBe(kind !== 'doubt');
    expect(error.reason).toBe(reason);
    if (kind === 'throttled') expect(error.retryAfterMs).toBe(7_000);
  });
});

describe('doubt', () => {
  const lookup = { path: '/sms', query: { ref: '{key}' }, items: 'data', key: 'ref', id: 'id' };
  const look = (settings: object) => sms.reconcile!(replyTo(CITIZEN, 'Baik'), context({ ...settings }));
  const key = replyTo(CITIZEN, '').key;

  test('without a look-up a person decides', async () => {
    expect(sms.publish!.idempotency).toBeTypeOf('function');
    const idempotency = sms.publish!.idempotency as (settings: unknown) => string;
    expect(idempotency(context().settings)).toBe('none');
    expect(idempotency(context({ lookup }).settings)).toBe('lookup');
    expect(await look({})).toBe('unknown');
    expect(wire.requests).toHaveLength(0);
  });

  test.each([
    [{ status: 200, body: { data: [{ ref: key, id: 'out-7' }] } }, { found: { publishedId: 'out-7' } }],
    [{ status: 200, body: { data: { ref: key, id: 7 } } }, { found: { publishedId: '7' } }],
    [{ status: 200, body: { data: [] } }, 'unknown'],
    [{ status: 404, body: {} }, 'unknown'],
    [{ status: 200, body: { data: [{ ref: 'another', id: 'out-7' }] } }, 'unknown'],
    [{ status: 200, body: { data: [{ ref: key }] } }, 'unknown'],
    [{ status: 200, body: {} }, 'unknown'],
    [{ status: 200, body: 'maintenance' }, 'unknown'],
    [{ status: 500, body: {} }, 'unknown'],
  ])('%j: %j', async (given, wanted) => {
    answer = () => given;
    expect(await look({ lookup })).toEqual(wanted);
  });
});

describe('a look-up that finds nothing', () => {
  const lookup = { path: '/sms', query: { acuan: '{key}' }, items: 'data', key: 'ref', id: 'id' };
  const withKey = { ...send, fields: { ...send.fields, ref: '{key}' } };
  let kept: Json | undefined;
  const store: ChannelStore = {
    get: async () => kept,
    update: async (_, change) => {
      kept = await change(kept);
      return kept;
    },
  };
  const here = () =>
    contextOf(
      { via: 'gateway', baseUrl: wire.origin, send: withKey, lookup },
      { http: kitHttp(wire.origin, new AbortController().signal), store },
    );
  const stands = (keys: readonly string[]) => (request: WireRequest) => {
    const data = keys.filter((key) => key === request.query.get('acuan')).map((ref) => ({ ref, id: 'out-1' }));
    return request.method === 'POST' ? { status: 200, body: { id: 'out-1' } } : { status: 200, body: { data } };
  };
  const look = () => sms.reconcile!(replyTo(CITIZEN, 'Baik', { key: 'kedua' }), here());
  beforeEach(async () => {
    kept = undefined;
    answer = stands([]);
    await sms.publish!.send(replyTo(CITIZEN, 'Baik', { key: 'pertama' }), here());
  });

  test('is believed where it finds what surely was taken', async () => {
    answer = stands(['pertama']);
    expect(await look()).toBe('absent');
    answer = (request) =>
      request.query.get('acuan') === 'kedua' ? { status: 404, body: {} } : stands(['pertama'])(request);
    expect(await look()).toBe('absent');
  });

  test('is not believed where it does not: it may be described wrongly, and nothing goes out twice', async () => {
    expect(await look()).toBe('unknown');
    answer = () => ({ status: 404, body: {} });
    expect(await look()).toBe('unknown');
  });

  test('is not believed before anything surely was taken, neither as an empty list nor as a 404', async () => {
    kept = undefined;
    answer = stands([]);
    expect(await look()).toBe('unknown');
    answer = () => ({ status: 404, body: {} });
    expect(await look()).toBe('unknown');
  });

  test('what cannot be kept makes no doubt of what was taken', async () => {
    const broken: ChannelStore = {
      get: () => Promise.reject(new Error('database')),
      update: () => Promise.reject(new Error()),
    };
    answer = stands([]);
    expect(await sms.publish!.send(replyTo(CITIZEN, 'Baik'), { ...here(), store: broken })).toEqual({
      publishedId: 'out-1',
    });
  });
});

test('the balance is told, and warned of when it is low', async () => {
  answer = () => ({ status: 200, body: { saldo: 420 } });
  const check = { path: '/saldo', balance: 'saldo', warnBelow: 1_000 };
  const health = await sms.probe!(context({ check }));
  expect(health.detail).toContain('420');
  expect(health.warnings).toHaveLength(1);
  expect((await sms.probe!(context({ check: { ...check, warnBelow: 100 } }))).warnings).toBeUndefined();
});

test('an alert whose whole text is too long is its first line, whole', async () => {
  const news = { key: 'a', to: CITIZEN, subject: 'Kanal Facebook perlu dihubungkan', text: 'x'.repeat(700) };
  await sms.alert!(news, context());
  expect(body()).toMatchObject({ text: news.subject });
  await expect(sms.alert!({ ...news, to: 'penjaga@kabupaten.example' }, context())).rejects.toMatchObject({
    reason: 'invalid',
  });
});

test.each([
  ['0812-5551-2345', CITIZEN],
  ['+60123456789', '+60123456789'],
  ['0287-381234', null],
  ['112', null],
  [undefined, null],
])('who left %j can be written to at %j', (phone, number) => {
  const place = sms.reach!({ name: 'Budi', ...(phone && { phone }) }, context().settings);
  expect(place).toEqual(number && { objectId: number, threadId: number, surface: 'message' });
});

test('a full page that does not move on is an error, not an endless or a lost one', async () => {
  const entry = { id: '1', from: CITIZEN, text: 'a', at: '5' };
  answer = () => ({ status: 200, body: [entry, entry] });
  const inbox = {
    path: '/in',
    query: { since: '{cursor}' },
    message: { id: 'id', from: 'from', text: 'text' },
    last: 'at',
    size: 2,
  };
  await expect(sms.poll!.page({ at: '5' }, context({ inbox }))).rejects.toMatchObject({ kind: 'retry' });
  expect(await sms.poll!.page({ at: '4' }, context({ inbox }))).toMatchObject({ next: { at: '5' }, more: true });
  expect(await sms.poll!.page(null, context())).toEqual({ items: [], next: { at: null }, more: false });
});
