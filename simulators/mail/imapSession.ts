import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImapDeed, ImapFaults, ImapScript } from './imapFaults.ts';
import { fetchAnswer } from './imapFetch.ts';
import { CommandReader, type Token, tokensOf } from './imapReader.ts';
import { inSet, matches } from './imapSearch.ts';
import type { Folder, Mailbox, StoredMail } from './mailbox.ts';

/** What a client asked for, taken apart. */
interface Asked {
  tag: string;
  name: string;
  tokens: Token[];
  literals: readonly Buffer[];
}

/** One connection of the IMAP stand-in. */
export class ImapSession {
  readonly #socket: Socket;
  readonly #reader: CommandReader;
  readonly #mailbox: Mailbox;
  readonly #faults: ImapFaults;
  readonly #script: ImapScript;
  #loggedIn = false;
  #folder: Folder | undefined;
  /** What the client was told: sequence numbers are places in it. */
  #shown: StoredMail[] = [];
  #mailsSent = 0;
  #silent = false;

  constructor(socket: Socket, mailbox: Mailbox, faults: ImapFaults, script: ImapScript) {
    this.#socket = socket;
    this.#reader = new CommandReader(socket);
    this.#mailbox = mailbox;
    this.#faults = faults;
    this.#script = script;
  }

  async run(): Promise<void> {
    this.#send(`* OK [CAPABILITY ${this.#capabilities()}] siap`);
    for (let next = await this.#reader.next(); next; next = await this.#reader.next()) {
      const [tag = '', first = '', ...more] = next.line.split(' ');
      const uid = first.toUpperCase() === 'UID';
      const name = `${uid ? 'UID ' : ''}${(uid ? (more.shift() ?? '') : first).toUpperCase()}`;
      const args = more.join(' ');
      const deed = await this.#script({ tag, name, args });
      const asked = { tag, name, tokens: tokensOf(args, next.literals), literals: next.literals };
      if (deed) await this.#misbehave(asked, deed);
      else await this.#answer(asked);
      if (this.#socket.destroyed) return;
    }
  }

  async #misbehave(asked: Asked, { reply, work, then }: ImapDeed): Promise<void> {
    if (work) {
      this.#silent = true;
      await this.#answer(asked);
    }
    if (reply !== undefined) this.#socket.write(reply.replaceAll('{tag}', asked.tag));
    if (then === 'drop') this.#socket.end();
    this.#silent = then === 'silence';
  }

  #send(line: string): void {
    if (!this.#silent && !this.#socket.destroyed) this.#socket.write(`${line}\r\n`);
  }

  #capabilities(): string {
    const all = ['IMAP4rev1', 'AUTH=PLAIN', 'ID', 'NAMESPACE', 'UIDPLUS', 'UNSELECT', 'IDLE', 'SPECIAL-USE'];
    if (this.#mailbox.tokens.size > 0) all.push('SASL-IR', 'AUTH=XOAUTH2');
    const without: ReadonlySet<string> = this.#faults.without ?? new Set();
    return all.filter((one) => !without.has(one)).join(' ');
  }

  async #answer(asked: Asked): Promise<void> {
    if (this.#faults.throttledMs !== undefined && this.#loggedIn) {
      this.#send(
        `${asked.tag} BAD Request is throttled. Suggested Backoff Time: ${this.#faults.throttledMs} milliseconds`,
      );
      return;
    }
    try {
      const said = await this.#carryOut(asked);
      this.#showChanges();
      this.#send(`${asked.tag} ${said}`);
      if (asked.name === 'LOGOUT') this.#socket.end();
    } catch (error) {
      this.#send(`${asked.tag} BAD ${(error as Error).message}`);
    }
  }

  async #carryOut({ tag, name, tokens, literals }: Asked): Promise<string> {
    const [first = ''] = tokens.map(String);
    switch (name) {
      case 'CAPABILITY':
        this.#send(`* CAPABILITY ${this.#capabilities()}`);
        return 'OK';
      case 'LOGIN':
        return this.#login(first, String(tokens[1]));
      case 'AUTHENTICATE':
        return this.#authenticate(tokens);
      case 'LOGOUT':
        this.#send('* BYE sampai jumpa');
        return 'OK';
      case 'ID':
        this.#send('* ID NIL');
        return 'OK';
      case 'NAMESPACE':
        this.#send('* NAMESPACE (("" "/")) NIL NIL');
        return 'OK';
      case 'NOOP':
      case 'CLOSE':
      case 'UNSELECT':
        return 'OK';
      case 'LIST':
      case 'LSUB':
        return this.#list(name, String(tokens.at(-1)));
      case 'SELECT':
      case 'EXAMINE':
        return this.#open(first, name === 'EXAMINE');
      case 'STATUS':
        return this.#status(first);
      case 'UID SEARCH':
      case 'SEARCH':
        return this.#search(tokens, name.startsWith('UID'));
      case 'UID FETCH':
      case 'FETCH':
        return this.#fetch(first, tokens.slice(1).flat().map(String), name.startsWith('UID'));
      case 'IDLE':
        return this.#idle();
      case 'APPEND':
        return this.#append(first, tokens, literals);
      default:
        throw new Error(`this server does not know ${tag ? name : 'that'}`);
    }
  }

  #login(user: string, password: string): string {
    this.#loggedIn = user === this.#mailbox.user && password === this.#mailbox.password;
    return this.#loggedIn ? `OK [CAPABILITY ${this.#capabilities()}] masuk` : 'NO [AUTHENTICATIONFAILED] ditolak';
  }

  async #authenticate([method, initial]: Token[]): Promise<string> {
    if (initial === undefined) this.#send('+ ');
    const answer = initial === undefined ? (await this.#reader.next())?.line : String(initial);
    if (String(method).toUpperCase() === 'XOAUTH2') return this.#signIn(answer ?? '');
    const [, user = '', password = ''] = Buffer.from(answer ?? '', 'base64')
      .toString()
      .split('\0');
    return this.#login(user, password);
  }

  /** What is refused is explained first, and waits for an empty line. */
  async #signIn(proof: string): Promise<string> {
    this.#loggedIn = this.#mailbox.takes(proof);
    if (this.#loggedIn) return `OK [CAPABILITY ${this.#capabilities()}] masuk`;
    this.#send(`+ ${Buffer.from('{"status":"400","schemes":"Bearer"}').toString('base64')}`);
    await this.#reader.next();
    return 'NO [AUTHENTICATIONFAILED] ditolak';
  }

  #list(name: string, pattern: string): string {
    const known = pattern === '' ? [] : [...this.#mailbox.folders.values()];
    for (const { path, use } of known) {
      if (this.#faults.vanished?.has(path)) continue;
      const special = use && !this.#faults.without?.has('SPECIAL-USE') ? ` ${use}` : '';
      this.#send(`* ${name} (\\HasNoChildren${special}) "/" "${path}"`);
    }
    return 'OK';
  }

  #open(path: string, readOnly: boolean): string {
    const folder = this.#mailbox.folders.get(path);
    if (!folder || this.#faults.vanished?.has(path)) return 'NO [NONEXISTENT] tidak ada folder itu';
    this.#folder = folder;
    this.#shown = [...folder.mails];
    this.#send('* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)');
    this.#send('* OK [PERMANENTFLAGS (\\Seen \\*)] ada');
    this.#send(`* ${this.#shown.length} EXISTS`);
    this.#send('* 0 RECENT');
    this.#send(`* OK [UIDVALIDITY ${folder.uidValidity}] sah`);
    this.#send(`* OK [UIDNEXT ${folder.uidNext}] berikutnya`);
    return readOnly ? 'OK [READ-ONLY] terbuka' : 'OK [READ-WRITE] terbuka';
  }

  #status(path: string): string {
    const folder = this.#mailbox.folders.get(path);
    if (!folder || this.#faults.vanished?.has(path)) return 'NO [NONEXISTENT] tidak ada folder itu';
    const { uidNext, uidValidity, mails } = folder;
    this.#send(`* STATUS "${path}" (MESSAGES ${mails.length} UIDNEXT ${uidNext} UIDVALIDITY ${uidValidity})`);
    return 'OK';
  }

  #opened(): Folder {
    if (!this.#folder) throw new Error('no folder is open');
    return this.#folder;
  }

  #search(tokens: readonly Token[], byUid: boolean): string {
    this.#opened();
    if (this.#faults.refuseSearch) return 'NO [SERVERBUG] pencarian gagal';
    const hits = this.#shown.flatMap((mail, index) =>
      matches(mail, index + 1, tokens, this.#shown.at(-1)) ? [byUid ? mail.uid : index + 1] : [],
    );
    this.#send(`* SEARCH${hits.map((one) => ` ${one}`).join('')}`);
    return 'OK';
  }

  async #fetch(set: string, items: readonly string[], byUid: boolean): Promise<string> {
    const folder = this.#opened();
    const last = byUid ? (this.#shown.at(-1)?.uid ?? 0) : this.#shown.length;
    for (const [index, mail] of this.#shown.entries()) {
      if (!inSet(set, byUid ? mail.uid : index + 1, last)) continue;
      // Gone meanwhile, and the client does not know it yet: such a mail is left out.
      if (!folder.has(mail)) continue;
      const answer = fetchAnswer(mail, index + 1, items, this.#faults, this.#mailsSent);
      if (!this.#silent) this.#socket.write(answer.bytes);
      if (answer.breaks) return this.#breakOff();
      if (answer.counts) this.#mailsSent += 1;
      if (answer.counts && this.#faults.expungeDuringFetch) folder.expunge(this.#faults.expungeDuringFetch);
      if (this.#socket.writableNeedDrain) await drained(this.#socket);
    }
    return 'OK';
  }

  #breakOff(): string {
    this.#socket.end();
    this.#silent = true;
    return 'OK';
  }

  async #idle(): Promise<string> {
    const folder = this.#opened();
    this.#send('+ idling');
    const tell = () => this.#showChanges();
    if (this.#faults.silentIdle) this.#silent = true;
    folder.on('change', tell);
    tell();
    await this.#reader.next();
    folder.off('change', tell);
    return 'OK';
  }

  /** Tells what came and went since the client was last told. */
  #showChanges(): void {
    if (!this.#folder) return;
    const { mails } = this.#folder;
    const before = this.#shown.length;
    for (let at = this.#shown.length - 1; at >= 0; at--) {
      if (this.#folder.has(this.#shown[at]!)) continue;
      this.#shown.splice(at, 1);
      this.#send(`* ${at + 1} EXPUNGE`);
    }
    if (mails.length === this.#shown.length && before === mails.length) return;
    this.#shown = [...mails];
    this.#send(`* ${mails.length} EXISTS`);
  }

  #append(path: string, tokens: readonly Token[], literals: readonly Buffer[]): string {
    const folder = this.#mailbox.folders.get(path);
    if (!folder || this.#faults.vanished?.has(path)) return 'NO [TRYCREATE] tidak ada folder itu';
    const flags = tokens.find((one) => Array.isArray(one)) ?? [];
    const { uid } = folder.append(literals.at(-1) ?? Buffer.alloc(0), new Date(), [flags].flat().map(String));
    return `OK [APPENDUID ${folder.uidValidity} ${uid}] tersimpan`;
  }
}

const drained = (socket: Socket) => Promise.race([new Promise((done) => socket.once('drain', done)), sleep(5_000)]);
