import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestHub } from '../helpers/hub.ts';

/** The hub's hook address on the wire, as Meta reaches it. Without the whole API around it. */
export async function serveHook(hub: TestHub, endpoint = 'meta'): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const answer = await hub.hooks.receive(endpoint, { body: Buffer.concat(chunks), headers, query: {} });
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/${endpoint}`,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
