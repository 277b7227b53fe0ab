import type { Socket } from 'node:net';
import type { Deed, Received, SmtpOptions, Step } from './smtp.ts';

type Ask = (step: Step, line: string) => Promise<Deed | undefined>;

/** The conversation is over: the connection was broken on purpose, or the client left. */
class Over extends Error {}

const DOT = Buffer.from('\r\n.\r\n');

/** One client at the server. */
export class SmtpConversation {
  private buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;
  private from: string | null = null;
  private to: string[] = [];
  private loggedIn: boolean;
  private silent = false;

  private readonly socket: Socket;
  private readonly options: SmtpOptions;
  private readonly take: (mail: Received) => Promise<void>;
  private readonly ask: Ask;

  constructor(socket: Socket, options: SmtpOptions, take: (mail: Received) => Promise<void>, ask: Ask) {
    this.socket = socket;
    this.options = options;
    this.take = take;
    this.ask = ask;
    this.chunks = socket[Symbol.asyncIterator]();
    this.loggedIn = options.user === undefined;
  }

  async run(): Promise<void> {
    try {
      await this.answer('greeting', '', '220 stand-in ESMTP');
      for (;;) await this.command(await this.line());
    } catch (error) {
      if (!(error instanceof Over)) throw error;
      // Who says nothing more still hears when the other side leaves.
      while (this.silent && !(await this.chunks.next()).done);
    }
  }

  private async command(line: string): Promise<void> {
    const verb = line.split(' ', 1)[0]?.toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO') return this.hello(line);
    if (verb === 'AUTH') return this.login(line);
    if (verb === 'QUIT') {
      await this.answer('quit', line, '221 2.0.0 Bye');
      this.socket.end();
      throw new Over();
    }
    if (verb === 'RSET') this.reset();
    if (verb === 'RSET' || verb === 'NOOP') return this.say('250 2.0.0 Ok');
    if (!this.loggedIn) return this.say('530 5.7.0 Authentication required');
    if (verb === 'MAIL') return this.sender(line);
    if (verb === 'RCPT') return this.recipient(line);
    if (verb === 'DATA') return this.data(line);
    return this.say('500 5.5.1 Unknown command');
  }

  private async hello(line: string): Promise<void> {
    const size = this.options.maxBytes ? [`SIZE ${this.options.maxBytes}`] : [];
    const lines = [
      'stand-in',
      ...(this.options.user ? [`AUTH PLAIN LOGIN${this.options.takes ? ' XOAUTH2' : ''}`] : []),
      ...size,
      '8BITMIME',
    ];
    const reply = lines.map((text, at) => `250${at === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n');
    await this.answer('ehlo', line, reply);
  }

  private async login(line: string): Promise<void> {
    const [, method = '', initial] = line.split(' ');
    if (method.toUpperCase() === 'XOAUTH2') return this.signIn(initial ?? (await this.prompt('')));
    const plain = method.toUpperCase() === 'PLAIN';
    const first = initial ?? (await this.prompt(plain ? '' : 'VXNlcm5hbWU6'));
    const [user, password] = plain
      ? decoded(first).split('\0').slice(1)
      : [decoded(first), decoded(await this.prompt('UGFzc3dvcmQ6'))];
    const right = user === this.options.user && password === this.options.password;
    const done = await this.answer('auth', `${user}\0${password}`, right ? '235 2.7.0 Ok' : '535 5.7.8 Wrong password');
    this.loggedIn ||= done && right;
  }

  private async signIn(proof: string): Promise<void> {
    const right = this.options.takes?.(proof) ?? false;
    if (!right) await this.prompt(Buffer.from('{"status":"400","schemes":"Bearer"}').toString('base64'));
    const done = await this.answer('auth', 'XOAUTH2', right ? '235 2.7.0 Ok' : '535 5.7.8 Token refused');
    this.loggedIn ||= done && right;
  }

  private async prompt(text: string): Promise<string> {
    this.say(`334 ${text}`);
    return this.line();
  }

  private async sender(line: string): Promise<void> {
    if (await this.answer('mail', line, '250 2.1.0 Ok')) this.from = addressOf(line);
  }

  private async recipient(line: string): Promise<void> {
    if (this.from === null) return this.say('503 5.5.1 MAIL first');
    if (await this.answer('rcpt', line, '250 2.1.5 Ok')) this.to.push(addressOf(line));
  }

  private async data(line: string): Promise<void> {
    if (this.from === null || this.to.length === 0) return this.say('503 5.5.1 RCPT first');
    if (!(await this.answer('data', line, '354 Go ahead'))) return;
    const mail = { from: this.from, to: this.to, raw: await this.body() };
    this.reset();
    const deed = await this.ask('message', mail.raw.toString('latin1'));
    if (!deed || deed.take)
      await this.take(deed?.messageId ? { ...mail, raw: renamed(mail.raw, deed.messageId) } : mail);
    this.carryOut(deed, `250 2.0.0 Ok: queued`);
  }

  private async body(): Promise<Buffer> {
    if (this.buffer.length === 0) await this.more();
    const deed = await this.ask('body', '');
    if (deed) this.carryOut(deed, '');
    // An empty mail has its dot on the first line.
    this.buffer = Buffer.concat([Buffer.from('\r\n'), this.buffer]);
    let end = this.buffer.indexOf(DOT);
    for (; end < 0; end = this.buffer.indexOf(DOT)) await this.more();
    const raw = this.buffer.subarray(2, end + 2);
    this.buffer = this.buffer.subarray(end + DOT.length);
    return Buffer.from(raw.toString('latin1').replace(/^\.\./gm, '.'), 'latin1');
  }

  /** Says what is right, or what the script wants. Was it the right thing? */
  private async answer(step: Step, line: string, right: string): Promise<boolean> {
    const deed = await this.ask(step, line);
    this.carryOut(deed, right);
    return /^[23]/.test(deed ? (deed.reply ?? '') : right);
  }

  private carryOut(deed: Deed | undefined, right: string): void {
    const reply = deed ? deed.reply : right;
    if (deed?.then === 'drop' && reply === undefined) this.socket.destroy();
    if (reply !== undefined) this.say(reply);
    if (deed?.then === 'drop') this.socket.end();
    this.silent = deed?.then === 'silence';
    if (deed?.then) throw new Over();
  }

  private say(reply: string): void {
    this.socket.write(`${reply}\r\n`);
  }

  private reset(): void {
    this.from = null;
    this.to = [];
  }

  private async line(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf('\r\n');
      if (end >= 0) {
        const line = this.buffer.toString('utf8', 0, end);
        this.buffer = this.buffer.subarray(end + 2);
        return line;
      }
      await this.more();
    }
  }

  private async more(): Promise<void> {
    const next = await this.chunks.next();
    if (next.done) throw new Over();
    this.buffer = Buffer.concat([this.buffer, next.value]);
  }
}

const decoded = (text: string): string => Buffer.from(text, 'base64').toString();
const addressOf = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';

const renamed = (raw: Buffer, id: string): Buffer =>
  Buffer.from(raw.toString('latin1').replace(/^Message-ID: .*$/im, `Message-ID: ${id}`), 'latin1');
