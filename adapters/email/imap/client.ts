import type { ImapFlow, Logger } from 'imapflow';
import { type ChannelContext, ChannelError } from '#contract';
import { mailToken, refusedLogin } from '../oauth/token.ts';
import type { Settings } from '../settings.ts';
import { imapError } from './errors.ts';

export type Context = ChannelContext<Settings>;

interface Limits {
  /** Milliseconds without a byte from the server, until the connection counts as dead. */
  silenceMs: number;
}

/** One session. Never used again once it is closed: the library refuses that. */
export interface Session {
  client: ImapFlow;
  /** What a failure on this session means. */
  failure(error: unknown): ChannelError;
  /** Did the server ask us to be slower? The session is over then. */
  throttled(): boolean;
  close(): void;
}

/** Logs in. The session ends with `ctx.signal`. */
export async function openSession(ctx: Context, what: string, limits: Limits): Promise<Session> {
  // Loaded when the first mailbox is opened: it takes 30 MB, which a hub without mail need not spend.
  const { ImapFlow } = await import('imapflow');
  const { oauth, password, user } = ctx.settings;
  const token = oauth && (await mailToken(ctx, oauth));
  const proof = token ? { accessToken: token.access } : { pass: password ? await ctx.secret(password) : '' };
  if (ctx.signal.aborted) throw new ChannelError('retry', `${what}: stopped before it began`, { nothingSent: true });
  let throttledMs: number | undefined;
  const client = new ImapFlow({
    ...addressOf(ctx.settings),
    auth: { user, ...proof },
    clientInfo: { name: 'Kanal Aduan', version: '1', vendor: 'Kanal Aduan', 'support-url': '' },
    logger: listenForThrottling((ms) => {
      throttledMs = ms;
      client.close();
    }),
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
    connectionTimeout: 20_000,
    greetingTimeout: 15_000,
    socketTimeout: limits.silenceMs,
    maxLineLength: 8 * 1024 * 1024,
    // The server told the size before; it may be a little wrong.
    maxLiteralSize: ctx.settings.limits.messageBytes + 1024 * 1024,
    maxResponseSize: ctx.settings.limits.messageBytes + 8 * 1024 * 1024,
  });
  let broken: unknown;
  client.on('error', (error) => {
    broken = error;
  });
  const stop = () => client.close();
  ctx.signal.addEventListener('abort', stop, { once: true });
  const session: Session = {
    client,
    failure: (error) =>
      throttledMs === undefined
        ? imapError(error ?? broken, what)
        : imapError({ code: 'ETHROTTLE', throttleReset: throttledMs }, what),
    throttled: () => throttledMs !== undefined,
    close() {
      ctx.signal.removeEventListener('abort', stop);
      client.close();
    },
  };
  try {
    await client.connect();
    return session;
  } catch (error) {
    session.close();
    throw await refusedLogin(ctx, token, session.failure(error));
  }
}

/**
 * Runs `work` in a session of its own. It ends without LOGOUT: that is a courtesy, and a server that does not answer it
 * must not hold back a result that is complete.
 */
export async function inSession<T>(ctx: Context, what: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(ctx, what, { silenceMs: 45_000 });
  try {
    return await work(session);
  } catch (error) {
    throw session.failure(error);
  } finally {
    session.close();
  }
}

const DEFAULT_PORT = { tls: 993, starttls: 143, none: 143 } as const;

function addressOf({ host, port, security, certificate }: Settings) {
  return {
    host,
    port: port ?? DEFAULT_PORT[security],
    secure: security === 'tls',
    ...(security !== 'tls' && { doSTARTTLS: security === 'starttls' }),
    ...(certificate && { tls: { ca: certificate } }),
  };
}

/**
 * The library waits by itself when the server says that we are too fast, with the connection held, and tries again. The
 * hub does that better, so the wait is cut short here; its logger is the one place where the library tells of it.
 */
function listenForThrottling(heard: (ms: number) => void): Logger {
  const quiet = () => {};
  const warn = (entry: { throttleDelay?: unknown }) => {
    if (typeof entry.throttleDelay === 'number') heard(entry.throttleDelay);
  };
  return { trace: quiet, debug: quiet, info: quiet, error: quiet, warn };
}
