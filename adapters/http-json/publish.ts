import {
  ChannelError,
  type Forwarding,
  type HttpPart,
  type Json,
  type Published,
  type Reply,
  type ReplyFile,
  type State,
  type StatusChange,
} from '#contract';
import { certain } from './auth.ts';
import { bodyOf, call, type Extra } from './client.ts';
import { entryId } from './normalise.ts';
import { at, textAt, textOf } from './path.ts';
import type { Context, Sending, Settings } from './settings.ts';
import { fill, type Values } from './template.ts';

const MOST_CHARS = 100_000;

export const publish = {
  ...{ maxChars: MOST_CHARS, surfaces: ['report'] as const, sendTimeout: '60s' },
  rules: (_: string, { send: { maxChars, files } }: Settings) => ({
    maxChars,
    attachments: files && { maxCount: files.maxCount, maxBytes: files.maxBytes, mimes: files.mimes },
  }),
  idempotency: ({ send: { idempotency } }: Settings) => idempotency,
  settleAfter: ({ send: { settleAfter } }: Settings) => `${settleAfter}ms`,
  send: sendReply,
};

const unsupported = (what: string, where: string) =>
  new ChannelError('refused', `${what}: the channel's file does not say how (settings.send.${where})`, {
    reason: 'unsupported',
  });

async function sendReply(reply: Reply, ctx: Context): Promise<Published> {
  const what = 'Publishing the reply';
  const { send } = ctx.settings;
  if (reply.text.length > send.maxChars)
    throw new ChannelError('refused', `${what}: the text is too long`, { reason: 'content' });
  if (!send.reply) throw unsupported(what, 'reply');
  const values = replyValues(reply);
  const { answer, ...found } = await post(ctx, what, send.reply, { values, key: reply.key, files: reply.files });
  const link = linkOf(ctx, send.reply, answer, { ...values, answerId: found.id });
  return { publishedId: entryId(reply.target.threadId, found.id), ...(link && { permalink: link }) };
}

export function replyValues({ key, text, ticketNo, agency, target, files }: Reply): Values {
  return { ...targetValues(target), key, text, ticketNo, agency, fileCount: files.length };
}

function targetValues({ threadId, ref }: Reply['target']): Values {
  const known = typeof ref === 'object' && ref !== null && !Array.isArray(ref) ? ref : {};
  const named = Object.fromEntries(Object.entries(known).map(([name, value]) => [`ref.${name}`, value]));
  return { id: threadId, anonymous: known.anonymous ?? false, secret: known.secret ?? false, ...named };
}

/** What this state is called there; `null`: the portal is not told of it. */
export function statusCode(state: string, { send }: Settings): string | null {
  if (send.refuse?.states.includes(state as State)) return `refuse:${state}`;
  return send.status?.table[state as State] ?? null;
}

export async function pushStatus(change: StatusChange, ctx: Context): Promise<Published> {
  const what = 'Sending the status';
  const { sending, code } = statusSending(change, ctx.settings) ?? {};
  if (!sending || code === undefined) throw unsupported(what, 'status.table');
  await post(ctx, what, sending, { values: statusValues(change, code), key: change.key });
  return { publishedId: statusId(change, code) };
}

/** A portal keeps one status for a report: that is what stands there. */
export const statusId = ({ target }: StatusChange, code: string): string => `${target.threadId}:${code}`;

export function statusSending(
  { state }: StatusChange,
  { send }: Settings,
): { sending: Sending; code: string } | undefined {
  const code = statusCode(state, { send } as Settings);
  if (code === null) return undefined;
  const sending = code.startsWith('refuse:') ? send.refuse : send.status;
  return sending && { sending, code };
}

export const statusValues = ({ key, target, state, label, note, at: when }: StatusChange, code: string): Values => ({
  ...targetValues(target),
  ...{ key, status: code, state, label, at: when },
  ...{ note, reason: note ?? label },
});

export async function forward(report: Forwarding, ctx: Context): Promise<Published> {
  const what = 'Forwarding the report';
  const { create } = ctx.settings.send;
  if (!create) throw unsupported(what, 'create');
  const values = reportValues(report);
  const { answer, id, reference } = await post(ctx, what, create, {
    ...{ values, key: report.key },
    // Beside a body in JSON only what was uploaded before can go along.
    files: ctx.settings.send.files?.upload ? report.files : [],
  });
  const link = linkOf(ctx, create, answer, { ...values, answerId: id, id, reference });
  return { publishedId: id, ...(reference && { reference }), ...(link && { permalink: link }) };
}

/** Contacts only where the channel's file names them, and never those of an anonymous or secret report. */
export function reportValues(report: Forwarding): Values {
  const { key, ticketNo, title, text, anonymous, secret, receivedAt, source, kind, category, location, occurredAt } =
    report;
  const { name, phone, email, address } = anonymous || secret ? {} : (report.author ?? {});
  return {
    ...{
      key,
      ticketNo,
      title: title ?? text.slice(0, 100),
      text,
      anonymous,
      secret,
      receivedAt,
      source,
      kind,
      category,
    },
    ...{ location, occurredAt, name, phone, email, address },
  };
}

interface Sent {
  values: Values;
  key: string;
  files?: readonly ReplyFile[];
}

interface Proof {
  id: string;
  reference: string | undefined;
  answer: Json;
}

/** Uploads first, then the one request that publishes. */
async function post(ctx: Context, what: string, sending: Sending, { values, key, files = [] }: Sent): Promise<Proof> {
  const { send } = ctx.settings;
  // Up to here nothing is published, whatever fails.
  const attached = await attach(ctx, files).catch(certain);
  const extra: Extra = {
    ...(send.idempotency === 'native' && { headers: { [send.keyHeader.toLowerCase()]: key } }),
    ...(attached.parts.length > 0 && { parts: attached.parts }),
  };
  const response = await call(ctx, what, sending.request, { ...values, files: attached.ids }, extra);
  const answer = bodyOf(response, what);
  mustBeTaken(what, sending, answer);
  const id = sending.id && textAt(answer, sending.id);
  // Without the id that proves it, nobody knows: it is looked up before anything is sent again.
  if (id === undefined)
    throw new ChannelError('retry', `${what}: the portal answered ${response.status} without the id that proves it`);
  return { id, reference: sending.reference && textAt(answer, sending.reference), answer };
}

/** Some portals answer 200 and say in the body that they did not. */
function mustBeTaken(what: string, { ok, refused }: Sending, answer: Json): void {
  if (refused?.is.includes(String(at(answer, refused.from))))
    throw new ChannelError('refused', `${what}: the portal did not accept it ("${refused.from}" says so)`, {
      reason: 'content',
    });
  if (ok && !ok.is.includes(String(at(answer, ok.from))))
    throw new ChannelError('retry', `${what}: the portal's answer does not say that it was taken ("${ok.from}")`);
}

/** A status may be proven by the word that it was; where no id is named, by the report itself. */
function linkOf(ctx: Context, { permalink }: Sending, answer: Json, values: Values): string | undefined {
  const text = permalink && textOf(fill(permalink, values, ctx.settings.tables));
  const url = text ? URL.parse(text, `${ctx.settings.baseUrl}/`) : null;
  return url && /^https?:$/.test(url.protocol) && answer !== null ? url.href : undefined;
}

async function attach(ctx: Context, files: readonly ReplyFile[]): Promise<{ ids: string[]; parts: HttpPart[] }> {
  const how = ctx.settings.send.files;
  if (files.length === 0) return { ids: [], parts: [] };
  if (!how || (!how.upload && !how.field)) throw unsupported('Sending a file', 'files');
  const named = await Promise.all(files.map(async (file) => ({ ...file, value: await file.bytes() })));
  const part = (name: string, file: (typeof named)[number]): HttpPart => ({
    name,
    value: file.value,
    filename: file.name,
    mime: file.mime,
  });
  const { upload, field = '' } = how;
  if (!upload) return { ids: [], parts: named.map((file, n) => part(field.replace('{{n}}', String(n)), file)) };
  const ids: string[] = [];
  for (const file of named) {
    const what = 'Uploading a file';
    const request = { ...upload.request, method: upload.request.method ?? ('POST' as const) };
    const answer = bodyOf(await call(ctx, what, request, {}, { parts: [part(upload.field, file)] }), what);
    const id = textAt(answer, upload.id);
    if (id === undefined) throw new ChannelError('retry', `${what}: the portal answered without its id`);
    ids.push(id);
  }
  return { ids, parts: [] };
}
