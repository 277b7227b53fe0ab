import { readFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';

const pem = (name: string): string => readFileSync(new URL(`./tls/${name}`, import.meta.url), 'utf8');
/** A certificate of the tests alone, for localhost. */
export const certificate = { cert: pem('localhost.crt'), key: pem('localhost.key') };

export interface RawServer {
  port: number;
  /** Everything that arrived, over all connections. */
  received(): string;
  connections(): number;
}

/** A server at the level of bytes; it and its connections end with the test. */
export async function rawServer(onData: (socket: Socket, text: string) => void, secure = false): Promise<RawServer> {
  let text = '';
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      text += bytes;
      onData(socket, text);
    });
  };
  const server = secure ? tls.createServer(certificate, onSocket) : net.createServer(onSocket);
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port, received: () => text, connections: () => sockets.size };
}

/** An HTTP server; ends with the test. */
export async function httpServer(onRequest: http.RequestListener): Promise<{ port: number; url: string }> {
  const server = http.createServer(onRequest);
  const port = await listening(server);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port, url: `http://127.0.0.1:${port}` };
}

function listening(server: net.Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

export const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
