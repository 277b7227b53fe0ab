import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived at the stand-in. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `body` that is neither text nor bytes goes out as JSON. */
export interface WireAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export type Handler = (request: WireRequest) => WireAnswer | Promise<WireAnswer>;

/**
 * What goes wrong. `dropBefore`: the connection breaks before the platform has read the body; `dropAfter`: it did the
 * work, then the connection breaks; a handler answers in the platform's place, or never.
 */
export type Fault = 'dropBefore' | 'dropAfter' | Handler;

export interface Wire {
  readonly origin: string;
  readonly requests: readonly WireRequest[];
  /** Requests that `when` picks meet the fault; `null` mends everything. */
  steer(fault: Fault | null, when?: (request: WireRequest) => boolean): void;
  /** Connections with a request still under way. */
  busyConnections(): Promise<number>;
  close(): Promise<void>;
}

/** A real HTTP server on the loopback that stands in for the platform. */
export async function startWire(platform: Handler): Promise<Wire> {
  const requests: WireRequest[] = [];
  let fault: Fault | null = null;
  let picks: (request: WireRequest) => boolean = () => true;

  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const head = headOf(incoming);
    if (fault === 'dropBefore' && picks(head)) {
      requests.push(head);
      return incoming.socket.destroy();
    }
    const request = { ...head, body: await bodyOf(incoming) };
    requests.push(request);
    const active = fault !== null && fault !== 'dropBefore' && picks(request) ? fault : null;
    const answer = await (typeof active === 'function' ? active : platform)(request);
    if (active === 'dropAfter') return incoming.socket.destroy();
    write(response, answer);
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    steer(next, when = () => true) {
      fault = next;
      picks = when;
    },
    busyConnections() {
      server.closeIdleConnections();
      return new Promise((done, fail) => server.getConnections((error, count) => (error ? fail(error) : done(count))));
    },
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

function headOf(incoming: IncomingMessage): WireRequest {
  const url = new URL(incoming.url ?? '/', 'http://wire');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    body: Buffer.alloc(0),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function write(response: ServerResponse, { status, headers = {}, body = '' }: WireAnswer): void {
  const plain = typeof body === 'string' || body instanceof Uint8Array;
  response.writeHead(status, { ...(plain ? {} : { 'content-type': 'application/json' }), ...headers });
  response.end(plain ? body : JSON.stringify(body));
}
