import {
  type Alert,
  ChannelError,
  type Json,
  type Published,
  type Reply,
  type ReplyFile,
  type ReplyTarget,
  type StaffNotice,
  type Surface,
} from '#contract';
import { graph, provenId } from '../_meta/graph.ts';
import { fieldsOf, idOf, listOf } from '../_meta/json.ts';
import { tooLong } from '../_meta/match.ts';
import type { Context } from './context.ts';
import { WHATSAPP_ERRORS } from './errors.ts';
import type { Settings } from './settings.ts';
import { alertOf, inOneLine, noticeOf, templateOf } from './template.ts';

/** Limits: Meta, "Cloud API: messages" and "Cloud API: media". */
const TEXT_CHARS = 4_096;
const CAPTION_CHARS = 1_024;
const MIB = 1024 * 1024;
const IMAGES = ['image/jpeg', 'image/png'];
const VIDEOS = ['video/mp4', 'video/3gpp'];
const DOCUMENTS = [
  'application/pdf', 'text/plain', 'application/msword', 'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
]; // biome-ignore format: one glance
const IMAGE_BYTES = 5 * MIB;

const SURFACES = ['message'] as const;

export const publish = {
  maxChars: TEXT_CHARS,
  surfaces: SURFACES,
  // A little before 24 hours: the message travels, and clocks differ.
  window: { message: '1425m' },
  attachments: {
    ...{ maxCount: 1, maxBytes: 16 * MIB, mimes: [...IMAGES, ...VIDEOS, ...DOCUMENTS], maxChars: CAPTION_CHARS },
  },
  rules,
  /** Nothing can be looked up. A status that brings our key back settles what was doubtful, usually within a second. */
  idempotency: 'none' as const,
  send,
};

/** After the window only an approved template goes out. */
function rules(_surface: Surface, { answerTemplate }: Settings) {
  if (!answerTemplate) return {};
  const { maxChars } = answerTemplate;
  return { afterWindow: { maxChars, measure: (text: string) => inOneLine(text).length } };
}

type Body = { [name: string]: Json };

const WHAT = 'Mengirim pesan WhatsApp';
const WINDOW_MS = 1_425 * 60_000;

async function send(reply: Reply, ctx: Context): Promise<Published> {
  const open = !isOver(reply, ctx.now());
  const content = open ? await freely(reply, ctx) : byTemplate(reply, ctx.settings);
  try {
    return await post(ctx, reply.key, { ...recipientOf(reply), ...content });
  } catch (error) {
    throw inContext(error, reply, open);
  }
}

/** The one request that publishes. Our key comes back in every status of the message. */
async function post(ctx: Context, key: string, body: Body): Promise<Published> {
  const path = `/${ctx.channel.account}/messages`;
  const json = { messaging_product: 'whatsapp', biz_opaque_callback_data: key, ...body };
  const answer = await graph(ctx, { what: WHAT, method: 'POST', path, table: WHATSAPP_ERRORS, json });
  const [message] = listOf(answer.messages).map(fieldsOf);
  return { publishedId: provenId(message ?? {}, WHAT, 'id') };
}

/** To one member of staff, by template: groups of people cannot be joined. */
export async function notify(notice: StaffNotice, ctx: Context): Promise<Published> {
  const template = ctx.settings.noticeTemplates[notice.kind];
  if (!template)
    throw new ChannelError('refused', `${WHAT}: noticeTemplates.${notice.kind} belum diisi`, { reason: 'unsupported' });
  const to = notice.phone.replace(/\D/g, '');
  return post(ctx, notice.key, { recipient_type: 'individual', to, ...noticeOf(template, notice) });
}

/** To whoever looks after the hub, by template. */
export async function alert(news: Alert, ctx: Context): Promise<Published> {
  const { alertTemplate } = ctx.settings;
  if (!alertTemplate)
    throw new ChannelError('refused', `${WHAT}: alertTemplate belum diisi`, { reason: 'unsupported' });
  if (!/^\+?\d{8,15}$/.test(news.to))
    throw new ChannelError('refused', `${WHAT}: bukan nomor telepon`, { reason: 'invalid' });
  const to = news.to.replace(/\D/g, '');
  return post(ctx, news.key, { recipient_type: 'individual', to, ...alertOf(alertTemplate, news) });
}

/** Shows the citizen that the office has read it (Meta, "Mark messages as read"). */
export async function markRead({ objectId }: ReplyTarget, ctx: Context): Promise<void> {
  const what = 'Menandai pesan sudah dibaca';
  const path = `/${ctx.channel.account}/messages`;
  const json = { messaging_product: 'whatsapp', status: 'read', message_id: objectId };
  const answer = await graph(ctx, { what, method: 'POST', path, table: WHATSAPP_ERRORS, json });
  if (answer.success !== true) throw new ChannelError('retry', `${what}: Meta tidak membenarkannya`);
}

const isOver = ({ target: { ref } }: Reply, now: Date): boolean =>
  now.getTime() - Date.parse(String(fieldsOf(ref).at)) > WINDOW_MS;

/** The citizen's own number or id, as they wrote from it; a typed number may differ from it. */
function recipientOf({ target: { ref, author, threadId, objectId } }: Reply): Body {
  const { to, user, group: given } = fieldsOf(ref);
  const group = idOf(given);
  const quote = { context: { message_id: objectId } };
  if (group) return { recipient_type: 'group', to: group, ...quote };
  const phone = idOf(to) ?? author?.phone?.replace(/\D/g, '');
  if (phone) return { recipient_type: 'individual', to: phone, ...quote };
  const id = idOf(user) ?? threadId.replace(/^wa:/, '');
  return { recipient_type: 'individual', ...(/^\d+$/.test(id) ? { to: id } : { recipient: id }), ...quote };
}

async function freely({ text, files }: Reply, ctx: Context): Promise<Body> {
  const [file] = files;
  if (text.length > (file ? CAPTION_CHARS : TEXT_CHARS)) throw tooLong(WHAT);
  if (!file) return { type: 'text', text: { body: text, preview_url: false } };
  const kind = kindOf(file);
  const media = { id: await upload(file, ctx), caption: text, ...(kind === 'document' && { filename: file.name }) };
  return { type: kind, [kind]: media };
}

/** What is too heavy for a picture still goes as a document. */
function kindOf({ mime, size }: ReplyFile): 'image' | 'video' | 'document' {
  if (IMAGES.includes(mime) && size <= IMAGE_BYTES) return 'image';
  return VIDEOS.includes(mime) ? 'video' : 'document';
}

async function upload(file: ReplyFile, ctx: Context): Promise<string> {
  const what = 'Mengunggah lampiran ke WhatsApp';
  const answer = await graph(ctx, {
    ...{ what, method: 'POST', path: `/${ctx.channel.account}/media`, table: WHATSAPP_ERRORS },
    parts: [
      { name: 'messaging_product', value: 'whatsapp' },
      { name: 'type', value: file.mime },
      { name: 'file', value: await file.bytes(), filename: file.name, mime: file.mime },
    ],
  }).catch((error: unknown) => {
    // An upload publishes nothing, whatever became of it.
    if (error instanceof ChannelError && error.kind === 'retry')
      throw new ChannelError('retry', error.message, { nothingSent: true, ...(error.code && { code: error.code }) });
    throw error;
  });
  return provenId(answer, what, 'id');
}

function byTemplate(reply: Reply, { answerTemplate: template }: Settings): Body {
  if (!template)
    throw new ChannelError('refused', `${WHAT}: sudah lebih dari 24 jam sejak warga menulis`, { reason: 'window' });
  if (reply.files.length > 0)
    throw new ChannelError('refused', `${WHAT}: templat tidak membawa lampiran`, { reason: 'content' });
  if (inOneLine(reply.text).length > template.maxChars) throw tooLong(WHAT);
  return templateOf(template, reply);
}

const PAIR_LIMIT = '131056';
const OUT_OF_WINDOW = '131047';
const MOST_WAIT_EXPONENT = 4;

/**
 * Two codes depend on what we know: a burst to one person is waited off in seconds (4, 16, 64, ...; Meta, "Pair rate
 * limits"), and a closed window that is open by the citizen's own message was seen to open a little later.
 */
function inContext(error: unknown, { attempt }: Reply, open: boolean): unknown {
  if (!(error instanceof ChannelError)) return error;
  const { code, message } = error;
  if (code === PAIR_LIMIT) {
    const retryAfterMs = 4 ** Math.min(attempt, MOST_WAIT_EXPONENT) * 1_000;
    return new ChannelError('throttled', message, { retryAfterMs, code });
  }
  if (code === OUT_OF_WINDOW && open && attempt === 1)
    return new ChannelError('retry', message, { nothingSent: true, code });
  return error;
}
