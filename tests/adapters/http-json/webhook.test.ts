import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import type { EndpointContext } from '#contract';
import { type EndpointSettings, endpointSettings, receive } from '../../../adapters/http-json/webhook.ts';

const SECRET = 'rahasia-kait-yang-panjang';
const NOW = new Date('2026-11-24T05:00:00Z');
const contextOf = (settings: object): EndpointContext<EndpointSettings> => ({
  settings: endpointSettings.parse({ secrets: ['${HOOK}'], ...settings }),
  secret: async () => SECRET,
  now: () => NOW,
  http: () => Promise.reject(new Error('asks nobody')),
});
const body = Buffer.from('{"peristiwa":"laporan.baru","id":"81234","versi":3}');
const stamp = String(NOW.getTime() / 1_000);
const mac = (text: string | Buffer, encoding: 'hex' | 'base64' = 'hex') =>
  createHmac('sha256', SECRET).update(text).digest(encoding);
const verify = (settings: object, headers: Record<string, string>, bytes: Uint8Array = body) =>
  receive.verify({ body: bytes, headers, query: {} }, contextOf(settings));

it('a signature covers time and body, byte for byte', async () => {
  const settings = { kind: 'hmac-sha256', timestamp: 'X-Timestamp' };
  const headers = { 'x-timestamp': stamp, 'x-signature': `sha256=${mac(`${stamp}.${body}`)}` };
  expect(await verify(settings, headers)).toEqual({ ok: true });
  for (let byte = 0; byte < body.length; byte += 7) {
    const changed = Uint8Array.from(body);
    changed[byte] = (changed[byte] ?? 0) ^ 1;
    expect(await verify(settings, headers, changed), `byte ${byte}`).toMatchObject({ ok: false });
  }
  const later = { ...headers, 'x-timestamp': String(Number(stamp) + 1) };
  expect(await verify(settings, later)).toEqual({ ok: false, reason: 'no signature matches' });
  const old = String(Number(stamp) - 600);
  const stale = { 'x-timestamp': old, 'x-signature': `sha256=${mac(`${old}.${body}`)}` };
  expect(await verify(settings, stale)).toMatchObject({ ok: false, reason: expect.stringContaining('too far') });
});

it('other portals sign the body alone, in base64, without a mark; or give a token', async () => {
  const plain = { kind: 'hmac-sha256', prefix: '', encoding: 'base64', header: 'X-Hub-Sign' };
  expect(await verify(plain, { 'x-hub-sign': mac(body, 'base64') })).toEqual({ ok: true });
  expect(await verify({ kind: 'token' }, { 'x-token': SECRET })).toEqual({ ok: true });
  expect(await verify({ kind: 'token' }, { 'x-token': `${SECRET}x` })).toMatchObject({ ok: false });
  expect(await verify({ kind: 'token' }, {})).toMatchObject({ ok: false });
});

it('whatever it says, it is only a wake-up', () => {
  expect(receive.unpack()).toBe('wake');
});
