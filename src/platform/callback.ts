import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Callback {
  /** Where the browser is to come back to. */
  url: string;
  /** The first request that `accepts` picks. Rejects when the time is over. */
  answer: Promise<URLSearchParams>;
  close(): Promise<void>;
}

export interface CallbackOptions {
  /** As it stands in the address; listened to is always the loopback. */
  host: string;
  port: number;
  path: string;
  /** Milliseconds. */
  timeout: number;
  accepts(query: URLSearchParams): boolean;
}

const page = (words: string): string =>
  `<!doctype html><html lang="id"><meta charset="utf-8"><title>Kanal Aduan</title><p>${words}</p></html>`;

/** Waits on this machine for a browser that comes back from a consent screen. Other requests are turned away. */
export async function awaitCallback({ host, port, path, timeout, accepts }: CallbackOptions): Promise<Callback> {
  let done: (query: URLSearchParams) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const answer = new Promise<URLSearchParams>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  answer.catch(() => {});
  const server = createServer((incoming, response) => {
    const asked = new URL(incoming.url ?? '/', 'http://callback');
    const ours = asked.pathname === path && accepts(asked.searchParams);
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      connection: 'close',
      'referrer-policy': 'no-referrer',
    };
    response.writeHead(ours ? 200 : 400, headers);
    response.end(
      page(ours ? 'Selesai. Kembali ke terminal; halaman ini boleh ditutup.' : 'Bukan jawaban yang ditunggu.'),
    );
    if (ours) done(asked.searchParams);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const timer = setTimeout(
    () => fail(new Error('tidak ada jawaban dari layar persetujuan; ulangi perintah ini')),
    timeout,
  );
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}${path}`,
    answer,
    close() {
      clearTimeout(timer);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
