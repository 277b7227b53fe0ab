import {
  type Alert,
  type Author,
  ChannelError,
  type Finding,
  type Idempotency,
  type Published,
  type Reply,
  type ReplyTarget,
  type StaffNotice,
  type Surface,
} from '#contract';
import { find as findAtGateway } from './gateway/lookup.ts';
import { send as sendByGateway } from './gateway/send.ts';
import { capacity, plain, weigh } from './gsm.ts';
import { e164 } from './phones.ts';
import { type Context, isGammu, isGateway, type Settings } from './settings.ts';
import { find as findInSpool, send as sendBySpool } from './spool/send.ts';

/** One text to one number. */
export interface Outgoing {
  key: string;
  /** E.164. */
  to: string;
  /** As it goes out. */
  text: string;
  ticketNo?: string | undefined;
  /** When the first attempt began. */
  since: Date;
}

const DEFAULT_PARTS = 4;
const SURFACES = ['message'] as const;

export const publish = {
  maxChars: capacity(DEFAULT_PARTS),
  measure: weigh,
  surfaces: SURFACES,
  rules: (_surface: Surface, { maxParts, plainText }: Settings) => ({
    maxChars: capacity(maxParts),
    measure: (text: string) => weigh(plainText ? plain(text) : text),
  }),
  idempotency: (settings: Settings): Idempotency =>
    settings.via === 'gammu' || settings.lookup !== undefined ? 'lookup' : 'none',
  settleAfter: (settings: Settings) =>
    settings.via === 'gateway' ? `${Math.ceil(settings.settleAfter / 1_000)}s` : '5s',
  send: (reply: Reply, ctx: Context): Promise<Published> => send(reply, ctx),
};

const WHAT = 'Mengirim SMS';

async function send({ key, text, files, ticketNo, target, firstAttemptAt }: Reply, ctx: Context): Promise<Published> {
  if (files.length > 0) throw refused('SMS tidak membawa lampiran', 'content');
  // The thread is the number that the message came from: nobody else is written to.
  const to = e164(target.threadId);
  if (!to)
    throw refused('pengirimnya bukan nomor telepon (nomor pendek atau nama), jadi tidak dapat dijawab', 'unsupported');
  return deliver(ctx, { key, to, text, ticketNo, since: firstAttemptAt });
}

async function deliver(ctx: Context, outgoing: Outgoing): Promise<Published> {
  const { plainText, maxParts } = ctx.settings;
  const text = plainText ? plain(outgoing.text) : outgoing.text;
  if (weigh(text) > capacity(maxParts)) throw refused(`lebih dari ${maxParts} SMS (settings.maxParts)`, 'content');
  if (isGateway(ctx)) return sendByGateway(ctx, WHAT, { ...outgoing, text });
  if (isGammu(ctx)) return sendBySpool(ctx, WHAT, { ...outgoing, text });
  throw refused('settings.via tidak dikenal', 'invalid');
}

const refused = (why: string, reason: 'content' | 'unsupported' | 'invalid') =>
  new ChannelError('refused', `${WHAT}: ${why}`, { reason });

/** Anybody with a mobile number; a fixed line takes no SMS. What they answer comes in the same thread. */
export function reach({ phone }: Author): Pick<ReplyTarget, 'objectId' | 'threadId' | 'surface'> | null {
  const number = phone === undefined ? null : e164(phone);
  return number && !/^\+62(?!8)/.test(number) ? { objectId: number, threadId: number, surface: 'message' } : null;
}

/** Where the gateway or the folders can be asked. */
export async function reconcile(reply: Reply, ctx: Context): Promise<Finding> {
  if (isGateway(ctx)) return findAtGateway(reply, ctx);
  return isGammu(ctx) ? findInSpool(reply, ctx) : 'unknown';
}

/** What has no first attempt of its own: the same in every attempt, so that a file in the spool has one name. */
const NO_TIME = new Date(0);

/** To whoever looks after the hub. Where all of it is too long for an SMS, its first line is a whole message. */
export async function alert({ key, to: address, subject, text }: Alert, ctx: Context): Promise<Published> {
  const to = address.includes('@') ? null : e164(address);
  if (!to) throw refused('bukan nomor telepon', 'invalid');
  const whole = `${subject}\n${text}`;
  const { maxParts, plainText } = ctx.settings;
  const fits = weigh(plainText ? plain(whole) : whole) <= capacity(maxParts);
  return deliver(ctx, { key, to, text: fits ? whole : subject, since: NO_TIME });
}

const NEWS: Record<StaffNotice['kind'], string> = {
  new: 'aduan baru menunggu',
  approval: 'jawaban menunggu persetujuan',
  deadline: 'aduan mendekati batas waktu',
  assist: 'jawaban belum ditayangkan petugas',
};

/** To one member of staff: how many, and the newest. */
export async function notify(
  { key, phone, kind, count, ticketNo, site }: StaffNotice,
  ctx: Context,
): Promise<Published> {
  const to = e164(phone);
  if (!to) throw refused('bukan nomor telepon', 'invalid');
  return deliver(ctx, { key, to, text: `${site}: ${count} ${NEWS[kind]}, terbaru ${ticketNo}.`, since: NO_TIME });
}
