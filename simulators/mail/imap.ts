import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { ImapFaults, ImapScript } from './imapFaults.ts';
import { ImapSession } from './imapSession.ts';
import type { Mailbox } from './mailbox.ts';

export type { ImapCommand, ImapDeed, ImapFaults, ImapScript } from './imapFaults.ts';

export interface ImapStandIn {
  readonly port: number;
  /** What goes wrong; change its members while it runs. */
  readonly faults: ImapFaults;
  /** Looks at every command, and may answer in the server's place; `null`: nobody does. */
  steer(script: ImapScript | null): void;
  connections(): number;
  /** Logins and other commands so far, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** Breaks every connection. */
  drop(): void;
  close(): Promise<void>;
}

/** A small IMAP server on this machine (RFC 3501, IDLE, SPECIAL-USE) that shows one mailbox and can go wrong. */
export async function startImap(mailbox: Mailbox, options: { port?: number } = {}): Promise<ImapStandIn> {
  const faults: ImapFaults = {};
  const counts: Record<string, number> = {};
  const sockets = new Set<Socket>();
  let script: ImapScript | null = null;
  const server = createServer((socket) => {
    // Answers are several small writes; together with the other side's patience they would wait 40 ms each.
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => {});
    const seen: ImapScript = async (command) => {
      counts[command.name] = (counts[command.name] ?? 0) + 1;
      return script?.(command);
    };
    // A client that goes away in the middle of a command is no failure of ours.
    new ImapSession(socket, mailbox, faults, seen).run().catch(() => socket.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    faults,
    counts,
    steer: (next) => {
      script = next;
    },
    connections: () => sockets.size,
    drop,
    close: async () => {
      drop();
      if (server.listening) await new Promise((done) => server.close(done));
    },
  };
}
