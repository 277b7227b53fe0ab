import { createHmac } from 'node:crypto';
import type { Delivery } from '#contract';

export const APP_SECRET = 'kit-app-secret-0f9d27c1';
export const TOKEN = 'EAAGkitPageToken51c7e2';
export const VERIFY_TOKEN = 'kit-verify-b83e04';
export const APP_ID = '900000000000001';

/** As Meta signs: HMAC-SHA256 of the bytes, with the app's secret. */
export function sign(body: Uint8Array, _at?: Date, secret = APP_SECRET): Delivery {
  const hex = createHmac('sha256', secret).update(body).digest('hex');
  return { body, headers: { 'x-hub-signature-256': `sha256=${hex}` }, query: {} };
}

/** As Meta writes JSON: everything that is not ASCII, and the slash, escaped. */
export function metaJson(value: unknown): Buffer {
  const text = JSON.stringify(value).replaceAll('/', '\\/');
  return Buffer.from(
    text.replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

export const isProven = (token: string, proof: string | null): boolean =>
  proof === createHmac('sha256', APP_SECRET).update(token).digest('hex');

export const graphTime = (at: Date): string => `${at.toISOString().slice(0, 19)}+0000`;
export const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);
export const graphError = (status: number, code: number, subcode?: number, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: {
    error: { message: 'said by Meta', type: 'OAuthException', code, error_subcode: subcode, fbtrace_id: 'Akit' },
  },
});

/** What Meta posts for somebody who wants their words deleted. */
export function erasureRequest(person: string, secret = APP_SECRET): Delivery {
  const payload = Buffer.from(
    JSON.stringify({ algorithm: 'HMAC-SHA256', issued_at: 1795400000, user_id: person }),
  ).toString('base64url');
  const signature = createHmac('sha256', secret).update(payload).digest('base64url');
  return { body: Buffer.from(`signed_request=${signature}.${payload}`), headers: {}, query: {} };
}
