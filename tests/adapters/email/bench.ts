import type { ChannelContext, Reply } from '#contract';
import { type Settings, settings } from '../../../adapters/email/settings.ts';
import { kitTokens } from '../../kit/context.ts';
import { reply } from '../../kit/samples.ts';

export const ACCOUNT = 'aduan@kabupaten.go.id';
export const CITIZEN = 'siti@example.net';
export const PASSWORD = 'rahasia-surel-5512';
export const THREAD = 'k7m4qdx2pk7m4qdx2pk7m4qd';
export const KEY = '0198f3aa-1111-7222-8333-444455556666';

export interface Ports {
  smtp: number;
  imap?: number;
}

/** A mailbox on this machine, without encryption; `smtp` changes what concerns outgoing mail. */
export const mailSettings = (ports: Ports, smtp: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => ({
  host: '127.0.0.1',
  port: ports.imap ?? 9,
  security: 'none',
  user: ACCOUNT,
  password: '${SUREL}',
  smtp: { host: '127.0.0.1', port: ports.smtp, security: 'none', ...smtp },
  ...more,
});

/** What an adapter's call gets, for tests that need no hub. */
export function mailContext(
  given: Record<string, unknown>,
  about: Partial<ChannelContext<Settings>> = {},
): ChannelContext<Settings> & { logged: string[] } {
  const values = new Map<string, never>();
  const logged: string[] = [];
  const note = (fields: Record<string, unknown>, message: string) =>
    void logged.push(`${message} ${JSON.stringify(fields)}`);
  return {
    channel: { id: 'surel', account: ACCOUNT },
    settings: settings.parse(given),
    secret: async () => PASSWORD,
    now: () => new Date(),
    signal: new AbortController().signal,
    http: () => Promise.reject(new Error('a mailbox needs no HTTP')),
    store: {
      get: async (key) => values.get(key),
      update: async (key, change) => {
        const next = await change(values.get(key));
        values.set(key, next as never);
        return next;
      },
    },
    tokens: kitTokens,
    log: { debug: note, info: note, warn: note, error: note },
    logged,
    ...about,
  };
}

/** An answer to a citizen's mail. */
export const answer = (about: Partial<Reply> = {}): Reply =>
  reply({
    key: KEY,
    target: {
      objectId: 'CAF+abc@mail.example.net',
      threadId: THREAD,
      surface: 'mail',
      ref: { messageId: 'CAF+abc@mail.example.net', references: [], subject: 'Lampu jalan mati' },
      author: { id: CITIZEN, email: CITIZEN, name: 'Siti Aminah' },
    },
    ...about,
  });
