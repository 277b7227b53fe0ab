import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Ends when the caller hangs up. */
  gone: AbortSignal;
}

export interface Answer {
  status: number;
  type?: string;
  headers?: Record<string, string>;
  body: string | Uint8Array;
}

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  type: 'application/json',
  headers,
  body: JSON.stringify(value),
});

const MOST_BYTES = 64 * 1024 * 1024;

export async function readRequest(incoming: IncomingMessage, response: ServerResponse): Promise<Asked> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) throw new Error('The request is larger than 64 MiB');
    chunks.push(chunk as Buffer);
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const url = new URL(incoming.url ?? '/', 'http://app');
  const { method = 'GET', headers } = incoming;
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks),
    gone: gone.signal,
  };
}

export function write(
  response: ServerResponse,
  { status, type = 'text/plain; charset=utf-8', headers, body }: Answer,
): void {
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(body);
}
