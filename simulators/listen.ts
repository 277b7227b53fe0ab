import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type Asked, json, readRequest, write } from './app/respond.ts';

/** What a simulator makes of a request. `cut`: the head says how long the answer is, and half of it comes. */
export type Outcome = Answer | 'hangup' | 'silent' | { cut: Answer };

export interface Listening {
  /** Such as `http://127.0.0.1:4100`. */
  url: string;
  close(): Promise<void>;
}

/** An HTTP server that answers as told, or hangs up, or says nothing. What `answer` throws is a 400 with its message. */
export async function listen(
  { host, port }: { host: string; port: number },
  answer: (asked: Asked) => Outcome | Promise<Outcome>,
): Promise<Listening> {
  const server = createServer((incoming, response) => void serve(answer, incoming, response));
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, host, done));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function serve(
  answer: (asked: Asked) => Outcome | Promise<Outcome>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const outcome = await answer(await readRequest(incoming, response));
    if (outcome === 'hangup') incoming.socket.destroy();
    else if (outcome === 'silent') return;
    else if ('cut' in outcome) cut(outcome.cut, incoming, response);
    else write(response, outcome);
  } catch (error) {
    if (!response.headersSent) write(response, json(400, { error: error instanceof Error ? error.message : 'bad' }));
  }
}

function cut({ status, body }: Answer, incoming: IncomingMessage, response: ServerResponse): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => incoming.socket.destroy());
}
