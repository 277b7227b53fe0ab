import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Delivery } from '#contract';
import type { WireAnswer } from '../../kit/index.ts';

export const AUDIENCE = 'https://aduan.example.go.id/hooks/google';
export const PUSHER = 'gbp-push@contoh-proyek.iam.gserviceaccount.com';
export const KID = 'a1b2c3d4e5f6';
export const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The claims that Google puts into the token of a push subscription. */
export const claims = (at: Date, changed: Record<string, unknown> = {}) => ({
  ...{ aud: AUDIENCE, azp: '113774264463038321964', email: PUSHER, email_verified: true },
  ...{ exp: Math.floor(at.getTime() / 1_000) + 3_600, iat: Math.floor(at.getTime() / 1_000) },
  ...{ iss: 'https://accounts.google.com', sub: '113774264463038321964' },
  ...changed,
});

/** RFC 7515, by hand. */
export function token(
  said: unknown,
  { header = {}, key = privateKey }: { header?: object; key?: KeyObject } = {},
): string {
  const text = `${part({ alg: 'RS256', kid: KID, typ: 'JWT', ...header })}.${part(said)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
}

export const delivered = (body: Uint8Array, jwt: string): Delivery => ({
  ...{ body, query: {} },
  headers: { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' },
});

export const sign = (body: Uint8Array, at: Date): Delivery => delivered(body, token(claims(at)));

export const certs = (): WireAnswer => ({
  status: 200,
  headers: { 'cache-control': 'public, max-age=22080, must-revalidate' },
  body: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' }] },
});

/** A wrapped push message; what `data` holds is documented in two ways. */
export const pushed = (data: unknown): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      message: {
        ...{ data: Buffer.from(JSON.stringify(data)).toString('base64'), attributes: {} },
        ...{ messageId: '9137482234', message_id: '9137482234' },
        ...{ publishTime: '2026-11-24T07:45:03.1Z', publish_time: '2026-11-24T07:45:03.1Z' },
      },
      ...{ subscription: 'projects/contoh-proyek/subscriptions/gbp-push', deliveryAttempt: 1 },
    }),
  );

/** google.rpc.Status as Google's APIs write it. */
export function googleError(
  code: number,
  status: string,
  about: { message?: string; details?: unknown[]; headers?: Record<string, string> } = {},
): WireAnswer {
  const { message = 'refused', details, headers = {} } = about;
  return { status: code, headers, body: { error: { code, message, status, ...(details && { details }) } } };
}
