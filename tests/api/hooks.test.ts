import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery } from '#contract';
import type { HookAnswer } from '../../src/flows/receive.ts';
import { type TestApi, testApi } from './helper.ts';

let api: TestApi;
let received: [string, Delivery][] = [];
let answer: HookAnswer = { status: 200 };
beforeAll(async () => {
  const keep = async (endpoint: string, delivery: Delivery) => {
    received.push([endpoint, delivery]);
    return answer;
  };
  api = await testApi({ hooks: { receive: keep, handshake: keep } });
});
afterAll(() => api.close());

async function post(payload: Buffer | undefined, headers: Record<string, string> = {}, url = '/hooks/lapor') {
  received = [];
  return api.app.inject({ method: 'POST', url, headers, ...(payload && { payload }) });
}

describe('a delivery', () => {
  it.each([
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'image/png',
  ])('comes through byte for byte as %s', async (type) => {
    answer = { status: 200 };
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x22, 0xc3, 0x28]);
    const response = await post(bytes, { 'content-type': type, 'x-signature': 'abc' });
    expect([response.statusCode, response.body]).toEqual([200, '']);
    expect(received).toHaveLength(1);
    expect(Buffer.from(received[0]![1].body)).toEqual(bytes);
    expect(received[0]![1].headers).toMatchObject({ 'x-signature': 'abc', 'content-type': type });
  });

  it('may have no body, and no type', async () => {
    await post(undefined);
    expect(received[0]?.[1].body).toHaveLength(0);
    await post(Buffer.from('{"a":1}'));
    expect(Buffer.from(received[0]![1].body).toString()).toBe('{"a":1}');
  });

  it('keeps a poisoned prototype as what it is: bytes and names', async () => {
    await post(
      Buffer.from('{"__proto__":{"x":1}}'),
      { 'content-type': 'application/json' },
      '/hooks/lapor?__proto__=1&a=1&a=2',
    );
    expect(Buffer.from(received[0]![1].body).toString()).toBe('{"__proto__":{"x":1}}');
    const { query } = received[0]![1];
    expect(Object.getPrototypeOf(query)).toBeNull();
    expect({ ...query }).toEqual({ ['__proto__']: '1', a: '2' });
  });

  it('of three megabytes is taken, of more than four refused', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await post(Buffer.alloc(3_145_728, 32), headers)).statusCode).toBe(200);
    const refused = await post(Buffer.alloc(4_194_305, 32), headers);
    expect([refused.statusCode, refused.json().code]).toEqual([413, 'body_too_large']);
    expect(received).toEqual([]);
  });
});

it('hands the handshake over, and gives back what it says', async () => {
  answer = { status: 200, contentType: 'text/plain', body: '1158201444' };
  received = [];
  const response = await api.app.inject('/hooks/meta?hub.mode=subscribe&hub.challenge=1158201444');
  expect([response.statusCode, response.body, response.headers['content-type']]).toEqual([
    200,
    '1158201444',
    expect.stringContaining('text/plain'),
  ]);
  expect(received).toMatchObject([['meta', { query: { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444' } }]]);
});

it.each([
  [{ status: 404 }, 'unknown_endpoint'],
  [{ status: 401 }, 'delivery_refused'],
  [{ status: 503, retryAfterSeconds: 5 }, 'unavailable'],
])('says why it took nothing: %j', async (given, code) => {
  answer = given;
  const response = await post(Buffer.from('x'));
  expect([response.statusCode, response.json().code]).toEqual([given.status, code]);
  expect(response.headers['content-type']).toContain('application/problem+json');
  expect(response.headers['retry-after']).toBe('retryAfterSeconds' in given ? '5' : undefined);
});

it('asks for no key, and sets no headers of its own', async () => {
  answer = { status: 200 };
  const { headers } = await post(Buffer.from('x'));
  expect(Object.keys(headers).sort()).toEqual(['connection', 'content-length', 'date']);
});
