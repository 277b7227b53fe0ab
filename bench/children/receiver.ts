import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../lib/answers.ts';

/** The no-op receiver: takes everything, answers 201 with an id, and only counts replies. Probes are none. */
let received = 0;
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.once('end', () => {
    if (request.method === 'POST') received += 1;
    response.writeHead(201, { 'content-type': 'application/json' }).end(`{"id":"balasan-${process.pid}-${received}"}`);
  });
});

answerParent(async (message: 'listen' | 'count') => {
  if (message === 'count') return { received };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
