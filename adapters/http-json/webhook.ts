import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Delivery, duration, type EndpointContext, secret, type Unpacked, type Verdict } from '#contract';

const header = () => z.string().regex(/^[A-Za-z][\w-]*$/, 'a name of a header, such as X-Signature');
const secrets = z.array(secret()).min(1).max(5).meta({ description: 'Any of these; two while one replaces the other' });

/** An endpoint in hub.yaml: how its deliveries prove themselves. */
export const endpointSettings = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('hmac-sha256'), secrets, header: header().default('X-Signature') },
    prefix: z.string().default('sha256=').meta({ description: 'What stands before the signature' }),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    timestamp: header().optional().meta({ description: 'A header with Unix seconds, which is signed, too' }),
    signed: z
      .string()
      .default('{{timestamp}}.{{body}}')
      .meta({ description: 'What is signed; without timestamp: the body' }),
    tolerance: duration().prefault('5m'),
  }),
  z.strictObject({ kind: z.literal('token'), secrets, header: header().default('X-Token') }),
]);
export type EndpointSettings = z.infer<typeof endpointSettings>;
type Hmac = Extract<EndpointSettings, { kind: 'hmac-sha256' }>;

/**
 * A delivery says that something has changed. The channel is polled at once: that reads the reports in their newest
 * version, so a delivery may come twice, late, in any order, or say nothing of use.
 */
export const receive = { settings: endpointSettings, verify, unpack: (): Unpacked => 'wake' };

const refuse = (reason: string): Verdict => ({ ok: false, reason });

async function verify(delivery: Delivery, ctx: EndpointContext<EndpointSettings>): Promise<Verdict> {
  const { settings } = ctx;
  const given = delivery.headers[settings.header.toLowerCase()]?.trim();
  if (!given) return refuse(`the header ${settings.header} is missing`);
  const late = settings.kind === 'hmac-sha256' ? lateness(delivery, settings, ctx.now()) : undefined;
  if (late) return refuse(late);
  for (const ref of settings.secrets) {
    const value = await ctx.secret(ref);
    if (value.length < 8) throw new Error('A secret of an endpoint is too short: use 16 characters or more');
    const expected = settings.kind === 'token' ? value : signatureOf(settings, value, delivery);
    if (equal(given, expected)) return { ok: true };
  }
  return refuse(settings.kind === 'token' ? 'no token matches' : 'no signature matches');
}

function lateness({ headers }: Delivery, { timestamp, tolerance }: Hmac, now: Date): string | undefined {
  if (timestamp === undefined) return undefined;
  const seconds = headers[timestamp.toLowerCase()] ?? '';
  if (!/^\d{1,12}$/.test(seconds)) return `the header ${timestamp} is missing or malformed`;
  const apart = Math.abs(now.getTime() - Number(seconds) * 1_000);
  return apart > tolerance ? `${timestamp} is too far from our clock` : undefined;
}

/** Over the bytes: a text that is not UTF-8 must not count as another. */
function signatureOf(
  { timestamp, signed, prefix, encoding }: Hmac,
  secretValue: string,
  { headers, body }: Delivery,
): string {
  const hmac = createHmac('sha256', secretValue);
  const pattern = timestamp === undefined ? '{{body}}' : signed;
  for (const piece of pattern.split(/(\{\{\w+\}\})/)) {
    if (piece === '{{body}}') hmac.update(body);
    else if (piece === '{{timestamp}}') hmac.update(headers[timestamp?.toLowerCase() ?? ''] ?? '');
    else hmac.update(piece);
  }
  return prefix + hmac.digest(encoding);
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
