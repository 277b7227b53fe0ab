import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { SmtpConversation } from './smtpConversation.ts';

/** A mail as the server took it. */
export interface Received {
  /** Envelope; `from` is empty for the null sender. */
  from: string;
  to: string[];
  /** With CRLF and without the dots of the transport. */
  raw: Buffer;
}

/** Where in the conversation something happens. `body`: its first byte; `message`: the dot that ends it. */
export type Step = 'greeting' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'message' | 'quit';

/** What the server does instead of what is right. A mail is kept only with `take`, however the rest goes. */
export interface Deed {
  /** One line or several, without the last CRLF. */
  reply?: string;
  take?: boolean;
  /** After the reply: break the connection, or say nothing more. */
  then?: 'drop' | 'silence';
  /** Of the mail that is taken: put this Message-ID in the place of the given one, as some providers do. */
  messageId?: string;
}

export type Script = (step: Step, line: string) => Deed | undefined | Promise<Deed | undefined>;

export interface SmtpOptions {
  /** Signs in with an access token (XOAUTH2), besides the password. */
  takes?(proof: string): boolean;
  port?: number;
  /** Who may log in; without it nobody needs to. */
  user?: string;
  password?: string;
  /** Where taken mail goes: into mailboxes, into the sender's Sent folder. Awaited before the server says 250. */
  deliver?: (mail: Received) => void | Promise<void>;
  maxBytes?: number;
}

export interface SmtpStandIn {
  readonly port: number;
  /** Everything that was taken, in order. */
  readonly received: readonly Received[];
  /** What goes wrong from now on; `null` mends it. */
  steer(script: Script | null): void;
  connections(): number;
  close(): Promise<void>;
}

/** A small SMTP server on this machine (RFC 5321, AUTH PLAIN and LOGIN, SIZE) that can go wrong at every step. */
export async function startSmtp(options: SmtpOptions = {}): Promise<SmtpStandIn> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let script: Script | null = null;
  const take = async (mail: Received): Promise<void> => {
    received.push(mail);
    await options.deliver?.(mail);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => {});
    const conversation = new SmtpConversation(socket, options, take, async (step, line) => script?.(step, line));
    // A client that goes away in the middle of a line is no failure of ours.
    conversation.run().catch(() => socket.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received,
    steer: (next) => {
      script = next;
    },
    connections: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((done) => server.close(done));
    },
  };
}
