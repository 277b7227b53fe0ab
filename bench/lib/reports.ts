import { createHmac } from 'node:crypto';
import { ACCOUNT, ENDPOINT, SIGNING_SECRET } from './config.ts';

const KEY = Buffer.from(SIGNING_SECRET.replace('whsec_', ''), 'base64');
const TEXT =
  'Selamat pagi, kami warga RT 03 melaporkan lampu penerangan di depan pasar desa sudah dua minggu mati. ' +
  'Setiap malam gelap dan kemarin ada pengendara motor terjatuh karena lubang tidak terlihat. ' +
  'Mohon segera diperiksa dan diganti. Terima kasih atas perhatiannya.';

/** One citizen's report in the item format, as long as people write. No two are equal. */
export function report(id: string): Buffer {
  const author = { id: `warga-${id}`, name: 'Siti Aminah', phone: '081200000000' };
  const about = { objectId: id, threadId: id, at: '2026-11-24T01:00:00.000Z', surface: 'report', author };
  return Buffer.from(
    JSON.stringify({ account: ACCOUNT, type: 'message', ...about, title: `Laporan ${id}`, text: TEXT }),
  );
}

/** The headers of a genuine delivery, signed as Standard Webhooks says. */
export function signedHeaders(id: string, body: Buffer): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const mac = createHmac('sha256', KEY).update(`msg_${id}.${timestamp}.`).update(body).digest('base64');
  return { 'webhook-id': `msg_${id}`, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}

/** A whole request, ready for the wire. */
export function wireRequest(host: string, id: string): Buffer {
  const body = report(id);
  const headers = {
    ...{ host, 'user-agent': 'bench', 'content-type': 'application/json', 'content-length': String(body.length) },
    ...signedHeaders(id, body),
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST /hooks/${ENDPOINT} HTTP/1.1\r\n${head.join('')}\r\n`), body]);
}
