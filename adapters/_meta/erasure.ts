import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery, EndpointContext } from '#contract';
import { fieldsOf, idOf, parseJson } from './json.ts';
import type { EndpointSettings } from './settings.ts';

/**
 * What Meta posts when somebody removes the app and asks for their data to be deleted: `signed_request`, a signature
 * and a payload in base64url with a dot between (Meta, "Data deletion request callback"). `null`: not genuine.
 */
export async function erasure(
  { body }: Delivery,
  ctx: EndpointContext<EndpointSettings>,
): Promise<{ person: string } | null> {
  const signed = new URLSearchParams(new TextDecoder().decode(body)).get('signed_request') ?? '';
  const [given = '', payload = ''] = signed.split('.');
  if (!(await isGenuine(Buffer.from(given.replace(/=+$/, '')), payload, ctx))) return null;
  const { algorithm, user_id: person } = fieldsOf(readable(payload));
  const id = idOf(person);
  return String(algorithm).toUpperCase() === 'HMAC-SHA256' && id ? { person: id } : null;
}

async function isGenuine(given: Buffer, payload: string, ctx: EndpointContext<EndpointSettings>): Promise<boolean> {
  for (const ref of ctx.settings.secrets) {
    const hmac = createHmac('sha256', await ctx.secret(ref)).update(payload);
    const expected = Buffer.from(hmac.digest('base64url'));
    if (given.length === expected.length && timingSafeEqual(given, expected)) return true;
  }
  return false;
}

function readable(payload: string): unknown {
  try {
    return parseJson(Buffer.from(payload, 'base64url').toString());
  } catch {
    return undefined;
  }
}
