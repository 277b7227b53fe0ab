/**
 * Sends one request and stops itself (SIGSTOP) after it was decided and before its first byte can leave: while the
 * connection is being made, or when a kept-alive one is taken up again. Arguments: url, deadline (epoch ms), where.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { createHttp } from '../../src/platform/http.ts';

const [url = '', deadline = '', where = ''] = process.argv.slice(2);

function stoppable<A extends http.Agent>(agent: A): A {
  const stop = (): void => void process.kill(process.pid, 'SIGSTOP');
  const { createConnection, reuseSocket } = agent;
  agent.createConnection = (...args) => {
    const socket = createConnection.apply(agent, args);
    if (where === 'connect') stop();
    // The request is written by then, and waits inside Node for the connection.
    const event = { lookup: 'lookup', handshake: 'connect' }[where];
    if (event) (socket as Socket).once(event, stop);
    return socket;
  };
  agent.reuseSocket = (...args) => {
    if (where === 'reuse') stop();
    return reuseSocket.apply(agent, args);
  };
  return agent;
}

const agents = {
  http: stoppable(new http.Agent({ keepAlive: true })),
  https: stoppable(new https.Agent({ keepAlive: true, rejectUnauthorized: false })),
};
if (where === 'reuse') await createHttp({ agents })({ url: `${url}/first` });
const answer = await createHttp({ agents, deadline: () => Number(deadline) })({
  url: `${url}/second`,
  method: 'POST',
  json: { text: 'jawaban' },
}).then(
  ({ status }) => ({ status }),
  ({ message, nothingSent }) => ({ message, nothingSent }),
);
process.stdout.write(JSON.stringify(answer), () => process.exit());
