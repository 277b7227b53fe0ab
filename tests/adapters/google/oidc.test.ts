import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { EndpointContext, HttpResponse } from '#contract';
import { verifyPush } from '../../../adapters/_google/oidc.ts';
import { AUDIENCE, certs, claims, delivered, KID, PUSHER, token } from './signing.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const body = Buffer.from('{}');

/** An endpoint whose keys stand in memory; counts how often they are asked for. */
function endpoint(status = 200) {
  let now = NOW;
  const asked = { times: 0 };
  const ctx: EndpointContext<Parameters<typeof verifyPush>[1]['settings']> = {
    settings: { audience: AUDIENCE, email: PUSHER, issuers: ['https://accounts.google.com'], certsUrl: 'http://k' },
    secret: async () => '',
    now: () => now,
    http: async () => {
      asked.times += 1;
      const { headers = {}, body: keys } = certs();
      const text = JSON.stringify(keys);
      return { status, headers, bytes: Buffer.from(text), text: () => text, json: () => keys } as HttpResponse;
    },
  };
  const verdict = (jwt: string) => verifyPush(delivered(body, jwt), ctx);
  return { verdict, asked, later: (ms: number) => (now = new Date(now.getTime() + ms)) };
}

it('takes what Google signed for us, and keeps its keys', async () => {
  const { verdict, asked } = endpoint();
  expect(await verdict(token(claims(NOW)))).toEqual({ ok: true });
  expect(await verdict(token(claims(NOW)))).toEqual({ ok: true });
  expect(asked.times).toBe(1);
});

it.each([
  ['another issuer', { iss: 'https://evil.example' }, '(iss)'],
  ['another audience', { aud: 'https://lain.example' }, '(aud)'],
  ['another account', { email: 'x@y.iam.gserviceaccount.com' }, '(email)'],
  ['an address that is not verified', { email_verified: false }, '(email)'],
  ['one that is over', { exp: Math.floor(NOW.getTime() / 1_000) - 301 }, '(exp)'],
  ['one without an end', { exp: undefined }, '(exp)'],
  ['one of the future', { iat: Math.floor(NOW.getTime() / 1_000) + 301 }, '(iat)'],
])('refuses %s, without asking for keys', async (_, changed, reason) => {
  const { verdict, asked } = endpoint();
  expect(await verdict(token(claims(NOW, changed)))).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  expect(asked.times).toBe(0);
});

it('refuses other algorithms, other keys and claims changed after signing', async () => {
  const { verdict, asked, later } = endpoint();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const good = token(claims(NOW));
  const [head, , mark] = good.split('.');
  const forged = Buffer.from(JSON.stringify(claims(NOW, { sub: 'x' }))).toString('base64url');
  for (const jwt of [
    token(claims(NOW), { header: { alg: 'none' } }),
    token(claims(NOW), { header: { alg: 'HS256' } }),
    token(claims(NOW), { key: privateKey }),
    `${head}.${forged}.${mark}`,
    `${head}.${forged}.`,
  ])
    expect(await verdict(jwt)).toMatchObject({ ok: false });
  // A key that is not among them is asked for once more, but not for each forged token.
  const unknown = token(claims(NOW), { header: { kid: 'other' }, key: privateKey });
  await verdict(unknown);
  expect(asked.times).toBe(1);
  later(61_000);
  await verdict(unknown);
  await verdict(unknown);
  expect(asked.times).toBe(2);
  expect(await verdict(good)).toEqual({ ok: true });
  expect(KID).not.toBe('other');
});

it('without keys nothing is judged: Google delivers again', async () => {
  await expect(endpoint(503).verdict(token(claims(NOW)))).rejects.toMatchObject({ kind: 'retry' });
});
