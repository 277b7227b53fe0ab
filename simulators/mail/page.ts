import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Seen } from './post.ts';

/** The citizens' mail, as plain text: every conversation, or with `?cari=` those in which this word stands in a subject. */
export async function startPage(seen: readonly Seen[], port = 0): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const wanted = new URL(request.url ?? '/', 'http://page').searchParams.get('cari') ?? '';
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(conversations(seen, wanted));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Mails by the thread they say they belong to; newest conversation first. Pure. */
export function conversations(seen: readonly Seen[], wanted = ''): string {
  const threads = [...Map.groupBy(seen, (mail) => mail.thread[0] ?? '').values()].toReversed();
  const shown = threads.filter((mails) => mails.some((mail) => mail.subject.includes(wanted)));
  if (shown.length === 0) return 'Belum ada surat. (No mail yet.)\n';
  return shown.map((mails) => mails.map(shownMail).join('\n')).join(`\n${'='.repeat(80)}\n\n`);
}

function shownMail({ at, from, to, subject, id, thread, text }: Seen): string {
  const parent = thread.at(-2);
  const head = [
    `Dari:    ${from}`,
    `Kepada:  ${to}`,
    `Waktu:   ${at.toISOString()}`,
    `Perihal: ${subject}`,
    `Surat:   ${id}`,
    ...(parent ? [`Balasan: ${parent}`] : []),
  ];
  return `${head.join('\n')}\n\n${text.replace(/^/gm, '    ')}\n`;
}
