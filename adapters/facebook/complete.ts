import { elsewhere, PAGE_ERRORS } from '../_meta/errors.ts';
import { fieldsOf, fromGraphTime, idOf, parseJson, textOf } from '../_meta/json.ts';
import { pictures } from '../_meta/media.ts';
import { readWith } from '../_meta/node.ts';
import type { Context } from './context.ts';

const WISHES = ['permalink_url', 'parent{id}', 'attachment'];

/** A comment that came without its author or text, or a mention: what it says is read at the platform. */
export async function complete(raw: string | Uint8Array, ctx: Context): Promise<string> {
  const event = fieldsOf(parseJson(typeof raw === 'string' ? raw : new TextDecoder().decode(raw)));
  const value = fieldsOf(event.value);
  const id = idOf(value.comment_id) ?? idOf(value.post_id) ?? '';
  const table = event.field === 'mention' ? elsewhere(PAGE_ERRORS) : PAGE_ERRORS;
  const call = { what: 'Membaca kiriman', path: `/${encodeURIComponent(id)}`, table };
  const node = await readWith(ctx, call, ['id', 'message', 'from', 'created_time'], WISHES);
  return JSON.stringify({ ...event, value: { ...value, ...inWordsOfDelivery(node) } });
}

/** What Graph gives of a comment or post, in the words of a delivery. */
export function inWordsOfDelivery(node: Readonly<Record<string, unknown>>) {
  const created = Date.parse(fromGraphTime(node.created_time) ?? '') / 1_000;
  const [photo, ...photos] = pictures(node);
  const parent = idOf(fieldsOf(node.parent).id);
  const permalink = textOf(node.permalink_url);
  return {
    ...(node.message !== undefined && { message: node.message }),
    ...(node.from !== undefined && { from: node.from }),
    ...(created > 0 && { created_time: created }),
    ...(photo && { photo }),
    ...(photos.length > 0 && { photos }),
    ...(parent && { parent_id: parent }),
    ...(permalink && { permalink_url: permalink }),
  };
}
