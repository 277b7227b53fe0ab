import { createHmac, timingSafeEqual } from 'node:crypto';

/** Headers of a delivery after the Standard Webhooks specification. */
export function signed(secret: string, id: string, body: Uint8Array): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': hmac(secret, id, timestamp, body) };
}

export function isSigned(secret: string, headers: Readonly<Record<string, unknown>>, body: Uint8Array): boolean {
  const [id, timestamp, given] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`] ?? ''),
  );
  const expected = Buffer.from(hmac(secret, id!, timestamp!, body));
  const offered = Buffer.from(given!);
  return offered.length === expected.length && timingSafeEqual(offered, expected);
}

function hmac(secret: string, id: string, timestamp: string, body: Uint8Array): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}
