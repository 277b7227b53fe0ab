import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/** What is known for certain about the bytes of one request. */
export interface Fence {
  /** Has any byte of the request been handed to the kernel? */
  readonly sent: boolean;
  /** Was a write stopped because its time was over? */
  readonly tripped: boolean;
}

/** Small enough that the time is asked often, large enough to cost nothing. */
const SLICE = 64 * 1024;

type Done = (error?: Error | null) => void;
interface Piece {
  chunk: string | Buffer;
  encoding: BufferEncoding;
}

/**
 * Asks `mayWrite` at the moment bytes are handed to the kernel; when it says no, the socket is destroyed instead.
 *
 * The process may be stopped between deciding to send and sending, and go on when another worker has already taken
 * over. A check before the request is therefore worth nothing: the writes of a new connection wait inside Node until the
 * connection (and its TLS handshake) stands, and would then go out unasked. So the socket's own write is replaced, for
 * this request only, by one that waits for the connection first and asks then.
 */
export function fence(request: ClientRequest, mayWrite: () => boolean): Fence {
  const state = { sent: false, tripped: false };
  // Before the request's first bytes are flushed to the socket.
  request.once('socket', (socket) => {
    const isOpen = opened(socket, request.reusedSocket);
    const write = socket._write.bind(socket);
    const send = async (bytes: Buffer): Promise<void> => {
      await isOpen;
      for (let from = 0; from < bytes.length; from += SLICE) {
        if (!mayWrite()) {
          state.tripped = true;
          throw new Error('the time to send was over');
        }
        state.sent = true;
        await handOver(write, bytes.subarray(from, from + SLICE));
      }
    };
    socket._write = (chunk, encoding, done) => settle(send(toBytes({ chunk, encoding })), done);
    socket._writev = (pieces, done) => settle(send(Buffer.concat(pieces.map(toBytes))), done);
    request.once('close', () => {
      // A kept-alive socket goes on to the next request, which brings a fence of its own.
      Reflect.deleteProperty(socket, '_write');
      Reflect.deleteProperty(socket, '_writev');
    });
  });
  return state;
}

/** Resolves once bytes written would really leave. When the connection fails, the socket's own error ends the request. */
function opened(socket: Socket, reused: boolean): Promise<void> | undefined {
  const isTls = 'encrypted' in socket;
  if (reused || !(isTls || socket.connecting)) return undefined;
  return new Promise((resolve) => socket.once(isTls ? 'secureConnect' : 'connect', () => resolve()));
}

const toBytes = ({ chunk, encoding }: Piece): Buffer =>
  typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;

const handOver = (write: Socket['_write'], bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) =>
    write(bytes, 'buffer' as BufferEncoding, (error) => (error ? reject(error) : resolve())),
  );

function settle(sending: Promise<void>, done: Done): void {
  sending.then(
    () => done(),
    (error: Error) => done(error),
  );
}
