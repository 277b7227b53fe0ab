import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { ChannelContext } from '#contract';
import type { Settings } from '../settings.ts';
import type { Stage } from './errors.ts';
import type { Mail } from './mail.ts';
import type { SmtpSettings } from './settings.ts';

type Context = Pick<ChannelContext<Settings>, 'settings' | 'signal' | 'now' | 'deadline'>;

/** `token`: an access token in the place of a password. */
export type Login = { user: string } & ({ pass: string; token?: never } | { token: string; pass?: never });

const PORTS = { tls: 465, starttls: 587, none: 25 } as const;
const SLICE = 64 * 1024;
/** How long a server may take to say goodbye; what matters is done by then. */
const QUIT_MS = 1_000;

/** The bytes of a mail. Nobody reads them before the server has said that it takes them. */
export class MessageStream extends Readable {
  stage: Stage = 'before';
  private offset = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    super({ highWaterMark: SLICE });
    this.bytes = bytes;
  }

  override _read(): void {
    this.stage = 'during';
    const slice = this.bytes.subarray(this.offset, this.offset + SLICE);
    this.offset += slice.length;
    const ends = this.offset >= this.bytes.length;
    if (ends) this.stage = 'after';
    this.push(slice);
    if (ends) this.push(null);
  }
}

/** One connection to the server of outgoing mail, logged in. `close` says goodbye; nothing stays open. */
export class SmtpSession {
  /** A write was stopped because the time to send was over. */
  tripped = false;
  private readonly connection: SMTPConnection;
  private readonly broken: Promise<never>;
  private readonly ended: Promise<void>;
  private readonly ctx: Context;
  private readonly abort: () => void;

  private constructor(connection: SMTPConnection, ctx: Context) {
    this.connection = connection;
    this.ctx = ctx;
    let fail: (error: Error) => void = () => {};
    this.broken = new Promise((_, reject) => (fail = reject));
    this.broken.catch(() => {});
    this.abort = () => {
      fail(Object.assign(new Error('aborted'), { code: 'EABORT' }));
      connection.close();
    };
    connection.on('error', fail);
    this.ended = new Promise((resolve) => connection.once('end', resolve));
    // Whatever waits when the connection is gone without a word must not wait for ever.
    void this.ended.then(() => setImmediate(() => fail(Object.assign(new Error('closed'), { code: 'ECONNECTION' }))));
    if (ctx.signal.aborted) this.abort();
    else ctx.signal.addEventListener('abort', this.abort, { once: true });
  }

  static async open(smtp: SmtpSettings, ctx: Context, login: Login | null): Promise<SmtpSession> {
    const session = new SmtpSession(new SMTPConnection(optionsOf(smtp, ctx.settings)), ctx);
    try {
      await session.call<unknown>((done) => session.connection.connect(done as () => void));
      if (login) await session.call((done) => session.connection.login(authOf(login), done));
      session.fence();
      return session;
    } catch (error) {
      session.drop();
      throw error;
    }
  }

  /** Sends one mail. Rejects with nodemailer's error. */
  send({ envelope: { from, to, size } }: Mail, stream: MessageStream): Promise<SMTPConnectionSendInfo> {
    return this.call((done) => this.connection.send({ from, to: [to], size }, stream, done));
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, QUIT_MS)));
    if (!this.connection.destroyed) {
      this.connection.quit();
      await Promise.race([this.ended, late]);
    }
    clearTimeout(timer);
    this.drop();
  }

  drop(): void {
    this.ctx.signal.removeEventListener('abort', this.abort);
    this.connection.close();
  }

  private call<T>(start: (done: (error: Error | null | undefined, result: T) => void) => void): Promise<T> {
    const answer = new Promise<T>((resolve, reject) =>
      start((error, result) => (error ? reject(error) : resolve(result))),
    );
    return Promise.race([answer, this.broken]);
  }

  /**
   * The process may be stopped between deciding to send and sending, and go on when another one has already taken over.
   * So the socket asks for the time at the moment it hands bytes to the kernel. Replaced on the last socket, the one
   * inside TLS; the mail's final dot goes through here like everything else.
   */
  private fence(): void {
    const { deadline, now } = this.ctx;
    const socket = this.connection._socket;
    if (!deadline || !socket) return;
    const write = socket._write.bind(socket);
    const mayWrite = (refuse: (error: Error) => void): boolean => {
      if (now() < deadline) return true;
      this.tripped = true;
      refuse(new Error('the time to send was over'));
      return false;
    };
    socket._write = (chunk, encoding, done) => {
      if (mayWrite(done)) write(chunk, encoding, done);
    };
    socket._writev = (pieces, done) => {
      const bytes = Buffer.concat(pieces.map(({ chunk, encoding }) => Buffer.from(chunk, encoding)));
      if (mayWrite(done)) write(bytes, 'buffer' as BufferEncoding, done);
    };
  }
}

/** nodemailer tries a refused token once more; whether there is another one is decided elsewhere. */
function authOf({ user, pass, token }: Login) {
  if (token === undefined) return { user, pass };
  return { user, method: 'XOAUTH2', oauth2: new XOAuth2({ user, accessToken: token }) };
}

function optionsOf(smtp: SmtpSettings, { certificate }: Settings): ConstructorParameters<typeof SMTPConnection>[0] {
  return {
    host: smtp.host,
    port: smtp.port ?? PORTS[smtp.security],
    secure: smtp.security === 'tls',
    requireTLS: smtp.security === 'starttls',
    ignoreTLS: smtp.security === 'none',
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    dnsTimeout: 20_000,
    socketTimeout: 60_000,
    // Whoever has heard our goodbye need not answer it.
    socketCloseTimeout: 0,
    tls: { minVersion: 'TLSv1.2', ...(certificate && { ca: certificate }) },
  };
}
