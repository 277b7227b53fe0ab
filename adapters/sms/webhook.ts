import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import {
  type Delivery,
  duration,
  type EndpointContext,
  type RawItem,
  secret,
  type Unpacked,
  type Verdict,
} from '#contract';
import { parseJson } from '../_meta/json.ts';
import { at, condition, holds, messageFields, path, textAt } from './fields.ts';
import { accountOf, messageRaw, strangeRaw } from './items.ts';

const header = () => z.string().regex(/^[A-Za-z][\w-]*$/, 'a name of a header, such as X-Signature');
const secrets = z.array(secret()).min(1).max(5).meta({ description: 'Any of these; two while one replaces the other' });

const verification = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hmac-sha256'),
    secrets,
    header: header().default('X-Signature'),
    prefix: z.string().default('').meta({ description: 'What stands before the signature, such as sha256=' }),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    timestamp: header()
      .optional()
      .meta({ description: 'A header with Unix seconds, signed before the body with a dot' }),
    tolerance: duration().prefault('5m'),
  }),
  z.strictObject({ kind: z.literal('token'), secrets, header: header().default('X-Token') }),
]);
type Verification = z.infer<typeof verification>;
type Hmac = Extract<Verification, { kind: 'hmac-sha256' }>;

const STATES = ['sent', 'delayed', 'delivered', 'failed'] as const;

/** As most gateways write it; after the states of SMPP 3.4, section 5.2.28. */
const USUAL: Record<string, (typeof STATES)[number]> = {
  ...{
    delivered: 'delivered',
    DELIVERED: 'delivered',
    DELIVRD: 'delivered',
    sent: 'sent',
    SENT: 'sent',
    ACCEPTD: 'sent',
  },
  ...{
    ENROUTE: 'sent',
    BUFFERED: 'delayed',
    buffered: 'delayed',
    failed: 'failed',
    FAILED: 'failed',
    UNDELIV: 'failed',
  },
  ...{
    undelivered: 'failed',
    EXPIRED: 'failed',
    expired: 'failed',
    REJECTD: 'failed',
    rejected: 'failed',
    DELETED: 'failed',
  },
};

const report = z.strictObject({
  when: condition.optional().meta({ description: 'What makes an entry a report; without it: that `status` is there' }),
  id: path().optional().meta({ description: "The gateway's id, as its answer to the send gave it" }),
  key: path().optional().meta({ description: 'Our {key}, where the gateway gives it back' }),
  status: path(),
  states: z.record(z.string(), z.enum(STATES)).default(USUAL).meta({ description: 'What its words mean' }),
  at: path().optional(),
  reason: path().optional(),
  from: path().optional().meta({ description: 'Our number' }),
});
type Report = z.infer<typeof report>;

/** An endpoint in hub.yaml. */
export const endpointSettings = z.strictObject({
  verify: verification,
  items: path().default('').meta({ description: 'Where the list stands; a single entry is a list of one' }),
  account: z.string().min(1).optional().meta({ description: 'Our number, where entries do not name it' }),
  message: messageFields,
  report: report.optional().meta({ description: 'Delivery reports that come to the same address' }),
});
export type EndpointSettings = z.infer<typeof endpointSettings>;

export const receive = { settings: endpointSettings, verify, unpack };

const refuse = (reason: string): Verdict => ({ ok: false, reason });

async function verify(delivery: Delivery, ctx: EndpointContext<EndpointSettings>): Promise<Verdict> {
  const how = ctx.settings.verify;
  const given = delivery.headers[how.header.toLowerCase()]?.trim();
  if (!given) return refuse(`the header ${how.header} is missing`);
  const late = how.kind === 'hmac-sha256' ? lateness(delivery, how, ctx.now()) : undefined;
  if (late) return refuse(late);
  for (const ref of how.secrets) {
    const value = await ctx.secret(ref);
    if (value.length < 8) throw new Error('A secret of an endpoint is too short: use 16 characters or more');
    if (equal(given, how.kind === 'token' ? value : signatureOf(how, value, delivery))) return { ok: true };
  }
  return refuse(how.kind === 'token' ? 'no token matches' : 'no signature matches');
}

function lateness({ headers }: Delivery, { timestamp, tolerance }: Hmac, now: Date): string | undefined {
  if (timestamp === undefined) return undefined;
  const seconds = headers[timestamp.toLowerCase()] ?? '';
  if (!/^\d{1,12}$/.test(seconds)) return `the header ${timestamp} is missing or malformed`;
  return Math.abs(now.getTime() - Number(seconds) * 1_000) > tolerance
    ? `${timestamp} is too far from our clock`
    : undefined;
}

/** Over the bytes: a text that is not UTF-8 must not count as another. */
function signatureOf({ timestamp, prefix, encoding }: Hmac, key: string, { headers, body }: Delivery): string {
  const hmac = createHmac('sha256', key);
  if (timestamp !== undefined) hmac.update(`${headers[timestamp.toLowerCase()] ?? ''}.`);
  return prefix + hmac.update(body).digest(encoding);
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Messages and reports of a delivery, in JSON or as a form. */
function unpack({ body }: Delivery, settings?: EndpointSettings): Unpacked {
  if (!settings) throw new Error('This endpoint is no longer in hub.yaml: its settings say where the fields stand');
  const found = at(contentOf(body), settings.items);
  const entries: readonly unknown[] = Array.isArray(found) ? found : [found];
  return entries.map((entry) => rawItem(entry, settings));
}

/** A parser's error quotes what it read, and a citizen's words do not belong in a log. */
function contentOf(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  if (!/^\s*[[{]/.test(text)) return Object.fromEntries(new URLSearchParams(text));
  try {
    return parseJson(text);
  } catch {
    throw new Error('The delivery is neither JSON nor a form');
  }
}

function rawItem(entry: unknown, { account = '', message, report }: EndpointSettings): RawItem {
  if (report && isReport(entry, report)) return reportRaw(entry, report, accountOf(account));
  return messageRaw(entry, message, accountOf(account));
}

const isReport = (entry: unknown, { when, status }: Report): boolean =>
  when ? holds(entry, when) : textAt(entry, status) !== undefined;

function reportRaw(entry: unknown, { states, ...places }: Report, account: string): RawItem {
  const [id, key, status, time, reason, from] = (['id', 'key', 'status', 'at', 'reason', 'from'] as const).map((name) =>
    textAt(entry, places[name]),
  );
  if (status === undefined || (id ?? key) === undefined) return strangeRaw(entry, account);
  const raw = JSON.stringify({ report: { id, key, state: states[status], at: time, reason } });
  const name = `report:${id ?? key}:${status}:${time ?? ''}`.slice(0, 500);
  return { account: from === undefined ? account : accountOf(from), key: name, raw };
}
