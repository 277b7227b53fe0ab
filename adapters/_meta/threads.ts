import type { RawItem } from '#contract';
import { type Context, dataOf, graph } from './graph.ts';
import { type Fields, fieldsOf, fromGraphTime, idOf, listOf, textOf, urlOf } from './json.ts';
import { rawItem } from './piece.ts';
import type { Place, Row } from './walk.ts';

type Platform = 'messenger' | 'instagram';
const WHAT = 'Membaca percakapan';
const NEWEST = 25;
const READABLE = 20;

/** The newest chats of a page or an Instagram account. */
export async function listChats(ctx: Context, path: string, platform: Platform): Promise<Place[]> {
  const query = { platform, fields: 'id,updated_time', limit: NEWEST };
  const answer = await graph(ctx, { what: WHAT, path, query, background: true });
  return dataOf(answer, WHAT).flatMap((one) => {
    const id = idOf(one.id);
    return id ? [{ id, kind: 'chat' as const, mark: String(one.updated_time) }] : [];
  });
}

/** The newest messages of a chat, oldest first; further back nothing can be read. */
export async function chatRows(ctx: Context, chat: Place, adapter: string): Promise<Row[]> {
  const fields = `messages.limit(${READABLE}){id,created_time,from,to,message,attachments}`;
  const answer = await graph(ctx, {
    what: WHAT,
    path: `/${encodeURIComponent(chat.id)}`,
    query: { fields },
    background: true,
  });
  return dataOf(fieldsOf(answer.messages), WHAT)
    .flatMap((one) => rowOf(ctx.channel.account, adapter, one) ?? [])
    .reverse();
}

function rowOf(account: string, adapter: string, one: Fields): Row | null {
  const mid = idOf(one.id);
  const sender = idOf(fieldsOf(one.from).id);
  const recipient = idOf(fieldsOf(listOf(fieldsOf(one.to).data)[0]).id);
  const timestamp = Date.parse(fromGraphTime(one.created_time) ?? '');
  if (!mid || !sender || !(timestamp > 0)) return null;
  const text = textOf(one.message) ?? '';
  const attachments = listOf(fieldsOf(one.attachments).data).map(fieldsOf).flatMap(deliveredAs);
  const message = {
    mid,
    text,
    ...(sender === account && { is_echo: true }),
    ...(attachments.length > 0 && { attachments }),
  };
  const messaging = { sender: { id: sender }, recipient: { id: recipient ?? account }, timestamp, message };
  return { id: mid, text, item: pieceOf(account, adapter, mid, messaging) };
}

const pieceOf = (account: string, adapter: string, mid: string, messaging: Fields): RawItem =>
  rawItem(adapter, { account, key: ['message', mid], raw: { account, messaging } });

/** A file as a delivery names it. */
function deliveredAs(file: Fields): Fields[] {
  const url = urlOf(fieldsOf(file.image_data).url) ?? urlOf(fieldsOf(file.video_data).url) ?? urlOf(file.file_url);
  if (!url) return [];
  const type = file.image_data ? 'image' : file.video_data ? 'video' : 'file';
  const name = textOf(file.name);
  return [{ type, payload: { url, ...(name && { name }) } }];
}
