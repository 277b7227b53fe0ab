import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery, EndpointContext, RawItem, Unpacked, Verdict } from '#contract';
import { type Fields, fieldsOf, idOf, parseJson, textOf } from '../_meta/json.ts';
import { rawItem } from '../_meta/piece.ts';
import { type Action, actionItem, messageEvent } from './events.ts';
import { type EndpointSettings, endpointSettings } from './settings.ts';

/** The way in for every channel of the app ("TikTok API for Business: webhooks"). */
export const receive = { settings: endpointSettings, verify, unpack };

const refuse = (reason: string): Verdict => ({ ok: false, reason });

/** `tiktok-signature: t=<seconds>,s=<hex>` over `t`, a dot and the bytes as they came. */
async function verify({ headers, body }: Delivery, ctx: EndpointContext<EndpointSettings>): Promise<Verdict> {
  const [, time = '', given = ''] = /^t=(\d{1,12}),s=([0-9a-f]{64})$/.exec(headers['tiktok-signature'] ?? '') ?? [];
  if (!given) return refuse('tiktok-signature is missing or malformed');
  const offered = Buffer.from(given, 'hex');
  for (const ref of ctx.settings.secrets) {
    const own = createHmac('sha256', await ctx.secret(ref))
      .update(`${time}.`)
      .update(body)
      .digest();
    if (timingSafeEqual(offered, own)) return dated(Number(time) * 1_000, ctx);
  }
  return refuse('tiktok-signature fits none of the secrets; compare them with the app secret');
}

/** Nobody says whether a delivery that is tried again for three days keeps its first time. */
function dated(at: number, { settings, now }: EndpointContext<EndpointSettings>): Verdict {
  return Math.abs(now().getTime() - at) <= settings.tolerance ? { ok: true } : { ok: true, stale: true };
}

/** One event for each delivery; a list of them is read as well. */
function unpack({ body }: Delivery): Unpacked {
  const parsed = parseJson(new TextDecoder().decode(body));
  const events = (Array.isArray(parsed) ? parsed : [parsed]).map(fieldsOf);
  // What of ours was mentioned or taken away shows when it is read.
  if (events.every(({ event }) => /mention|^authorization\.|^video\./i.test(String(event)))) return 'wake';
  return events.map(itemOf);
}

const ACTIONS: Readonly<Record<string, Action>> = {
  insert: 'insert',
  delete: 'delete',
  set_to_hidden: 'HIDDEN',
  set_to_friends_only: 'FRIENDS_ONLY',
  set_to_public: 'PUBLIC',
};

function itemOf(event: Fields): RawItem {
  const account = idOf(event.user_openid) ?? '';
  const content = contentOf(event.content);
  const action = ACTIONS[String(content?.comment_action)];
  if (event.event === 'comment.update' && content && action) return actionItem(account, action, commentOf(content));
  if (/^im_(receive|send)_msg/.test(String(event.event)) && content)
    return messageEvent(account, String(event.event), content);
  return rawItem('tiktok', { account, key: null, raw: { event } });
}

/** A JSON text inside the JSON, whose ids are bare numbers beyond 2^53: read a second time, and as exactly. */
function contentOf(content: unknown): Fields | undefined {
  try {
    return fieldsOf(parseJson(textOf(content) ?? ''));
  } catch {
    return undefined;
  }
}

/** In the words of the comment list. */
function commentOf(content: Fields): Fields {
  const parent = content.comment_type === 'reply' ? idOf(content.parent_comment_id) : undefined;
  return {
    ...{ comment_id: idOf(content.comment_id), video_id: idOf(content.video_id), create_time: idOf(content.timestamp) },
    ...(parent && { parent_comment_id: parent }),
    ...(textOf(content.text) !== undefined && { text: content.text }),
    ...(idOf(content.unique_identifier) && { unique_identifier: content.unique_identifier }),
  };
}
