import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeKey, setUserDisabled } from '../../src/flows/desk/users.ts';
import { newId } from '../../src/store/database.ts';
import { seedComplaint } from '../helpers/register.ts';
import { type Login, type TestApi, testApi } from './helper.ts';

let api: TestApi;
let admin: Login;
beforeAll(async () => {
  api = await testApi();
  admin = await api.login([{ role: 'central_admin' }]);
});
afterAll(() => api.close());

const raw = (url: string, headers: Record<string, string> = {}, payload?: string) =>
  api.app.inject({
    ...{ method: payload === undefined ? 'GET' : 'POST', url },
    headers: { authorization: `Bearer ${admin.key}`, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

describe('problem documents', () => {
  const json = { 'content-type': 'application/json' };
  const note = `/api/v1/complaints/${newId()}/notes`;
  it.each([
    ['an unknown address', () => raw('/api/v1/tidak-ada'), 404, 'unknown_address'],
    ['an unknown method', () => raw('/api/v1/channels', json, '{}'), 404, 'unknown_address'],
    ['an unknown complaint', () => raw(`/api/v1/complaints/${newId()}`), 404, 'not_found'],
    ['an id that is none', () => raw('/api/v1/complaints/1'), 400, 'invalid_request'],
    ['a body that is no JSON', () => raw(note, json, '{'), 400, 'invalid_json'],
    ['no body', () => raw(note, json, ''), 400, 'invalid_json'],
    ['a poisoned prototype', () => raw(note, json, '{"text":"x","__proto__":{"a":1}}'), 400, 'invalid_json'],
    [
      'a poisoned constructor',
      () => raw(note, json, '{"text":"x","constructor":{"prototype":{"a":1}}}'),
      400,
      'invalid_json',
    ],
    ['an unknown member', () => raw(note, json, '{"text":"x","teks":"y"}'), 400, 'invalid_request'],
    ['a body of another kind', () => raw(note, { 'content-type': 'text/plain' }, 'x'), 415, 'unsupported_media_type'],
    [
      'a body that is too large',
      () => raw(note, json, JSON.stringify({ text: 'x'.repeat(1_048_576) })),
      413,
      'body_too_large',
    ],
    ['NUL in a query', () => raw('/api/v1/complaints?q=%00'), 400, 'invalid_request'],
    ['no key', () => api.app.inject('/api/v1/complaints'), 401, 'unauthenticated'],
  ])('%s', async (_what, send, status, code) => {
    const answer = await send();
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({ type: `urn:kanal-aduan:problem:${code}`, status, title: expect.any(String) });
    expect(answer.json().detail.length).toBeGreaterThan(5);
  });

  it('points at what was wrong', async () => {
    const { id } = await seedComplaint(api.db);
    const answer = await admin.post(`/api/v1/complaints/${id}/assign`, { from: { agency: 1 }, to: {} });
    const pointers = (answer.body.errors as unknown as { pointer: string }[]).map((error) => error.pointer);
    expect(pointers).toContain('/body/from/agency');
  });

  it('hide what broke inside', async () => {
    const broken = await testApi({ readiness: () => Promise.reject(new Error('postgres://kanal:rahasia@db')) });
    const answer = await broken.app.inject('/readyz');
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal']);
    expect(answer.body).not.toContain('rahasia');
    const wrong = await testApi({ readiness: async () => ({ ready: true, checks: { a: 7 } }) as never });
    const second = await wrong.app.inject('/readyz');
    expect([second.statusCode, second.json().code]).toEqual([500, 'response_invalid']);
    await Promise.all([broken.close(), wrong.close()]);
  });
});

describe('keys', () => {
  it.each(['', 'Basic abc', 'Bearer', 'Bearer ', 'bearer ka_x', `Bearer ka_${'A'.repeat(43)}`])(
    '%j opens nothing',
    async (authorization) => {
      const answer = await api.app.inject({ url: '/api/v1/complaints', headers: { authorization } });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    },
  );

  it('are refused from the moment they are revoked, or their user disabled', async () => {
    const revoked = await api.login([{ role: 'central_admin' }]);
    expect((await revoked.get('/api/v1/complaints')).status).toBe(200);
    await revokeKey(api.desk, revoked.keyId);
    expect((await revoked.get('/api/v1/complaints')).status).toBe(401);
    const disabled = await api.login([{ role: 'central_admin' }]);
    await setUserDisabled(api.desk, disabled.actor.userId, true);
    expect((await disabled.get('/api/v1/complaints')).status).toBe(401);
  });

  it('have a pace each, and one does not slow another down', async () => {
    const slow = await testApi({ limits: { perMinute: 3 } });
    const [a, b] = [await slow.login([{ role: 'central_admin' }]), await slow.login([{ role: 'central_admin' }])];
    for (let n = 0; n < 3; n++) expect((await a.get('/api/v1/channels')).status).toBe(200);
    const refused = await a.get('/api/v1/channels');
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await b.get('/api/v1/channels')).status).toBe(200);
    expect((await slow.app.inject('/healthz')).statusCode).toBe(200);
    await slow.close();
  });
});

it('says no more than needed, to no other site', async () => {
  const answer = await raw('/api/v1/complaints', { origin: 'https://jahat.example' });
  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  expect(answer.headers['x-powered-by']).toBeUndefined();
  expect(answer.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'strict-transport-security': expect.any(String),
  });
});

it('is alive, ready, counted and documented', async () => {
  expect((await api.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await api.app.inject('/readyz')).json()).toEqual({ ready: true, checks: { database: 'ok' } });
  expect((await api.app.inject('/metrics')).statusCode).toBe(404);
  const counting = await testApi({
    readiness: async () => ({ ready: false, checks: { database: 'no connection' } }),
    metricsText: async () => 'kanal_up 1\n',
  });
  const unready = await counting.app.inject('/readyz');
  expect([unready.statusCode, unready.json().checks]).toEqual([503, { database: 'no connection' }]);
  const metrics = await counting.app.inject('/metrics');
  expect([metrics.body, metrics.headers['content-type']]).toEqual([
    'kanal_up 1\n',
    expect.stringContaining('text/plain'),
  ]);
  await counting.close();
  const docs = await api.app.inject('/docs/');
  expect(docs.statusCode).toBe(200);
  const elsewhere = [...docs.body.matchAll(/(?:src|href)="(https?:[^"]+)"/g)].map((found) => found[1]);
  expect(elsewhere).toEqual([]);
});
