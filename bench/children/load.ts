import { connect, type Socket } from 'node:net';
import { answerParent } from '../lib/answers.ts';
import { wireRequest } from '../lib/reports.ts';

/**
 * The load generator, in a process of its own: one request outstanding on each kept-alive connection. Requests are
 * built and signed before the clock starts. Only a complete answer with status 200 counts.
 */
type Message = { build: { url: string; count: number; prefix: string } } | { go: { connections: number } };

export interface Outcome {
  acknowledged: number;
  refused: number;
  ms: number;
}

let requests: Buffer[] = [];
let target: URL;

answerParent(async (message: Message) => {
  if ('go' in message) return run(message.go.connections);
  const { url, count, prefix } = message.build;
  target = new URL(url);
  requests = Array.from({ length: count }, (_, n) => wireRequest(target.host, `${prefix}-${n}`));
  return {};
});

async function run(connections: number): Promise<Outcome> {
  const sockets = await Promise.all(Array.from({ length: connections }, open));
  const outcome = { acknowledged: 0, refused: 0, ms: 0 };
  const queue = requests[Symbol.iterator]();
  const began = performance.now();
  await Promise.all(sockets.map((socket) => drive(socket, queue, outcome)));
  outcome.ms = performance.now() - began;
  for (const socket of sockets) socket.destroy();
  return outcome;
}

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(target.port), target.hostname, () => resolve(socket.setNoDelay(true)));
    socket.once('error', reject);
  });
}

/** Sends one request after the other until none is left. */
function drive(socket: Socket, queue: Iterator<Buffer>, outcome: Outcome): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = '';
    const next = () => {
      const { value, done } = queue.next();
      if (done) resolve();
      else socket.write(value);
    };
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const status = completeStatus(received);
      if (status === null) return;
      received = '';
      if (status === 200) outcome.acknowledged += 1;
      else outcome.refused += 1;
      next();
    });
    socket.on('close', () => reject(new Error('the server closed a connection')));
    socket.on('error', reject);
    next();
  });
}

/** The status once head and body are here; null before. */
function completeStatus(text: string): number | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end));
  if (!length) throw new Error('an answer without content-length');
  return text.length >= end + 4 + Number(length[1]) ? Number(text.slice(9, 12)) : null;
}
