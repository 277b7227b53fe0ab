import { EventEmitter } from 'node:events';

export interface StoredMail {
  readonly uid: number;
  readonly raw: Buffer;
  /** When the server took it in. */
  readonly at: Date;
  readonly flags: Set<string>;
}

/** One folder in memory. Emits `change` when a mail comes or goes. */
export class Folder extends EventEmitter<{ change: [] }> {
  readonly path: string;
  /** Such as `\Junk`. */
  readonly use: string | undefined;
  uidValidity = 1_000;
  uidNext = 1;
  mails: StoredMail[] = [];
  #uids = new Map<number, StoredMail>();

  constructor(path: string, use?: string) {
    super();
    this.path = path;
    this.use = use;
    this.setMaxListeners(0);
  }

  has(mail: StoredMail): boolean {
    return this.#uids.get(mail.uid) === mail;
  }

  append(raw: Uint8Array, at = new Date(), flags: readonly string[] = []): StoredMail {
    const mail = { uid: this.uidNext, raw: Buffer.from(raw), at, flags: new Set(flags) };
    this.uidNext += 1;
    this.mails.push(mail);
    this.#uids.set(mail.uid, mail);
    this.emit('change');
    return mail;
  }

  /** Puts a mail at the place of its UID: a server of several machines that numbers before it shows. */
  insert(mail: StoredMail): void {
    this.mails = [...this.mails, mail].sort((a, b) => a.uid - b.uid);
    this.#uids.set(mail.uid, mail);
    this.emit('change');
  }

  expunge(uid: number): void {
    this.mails = this.mails.filter((mail) => mail.uid !== uid);
    this.#uids.delete(uid);
    this.emit('change');
  }

  /** What a restore or a move to another server does: the same mails under other UIDs. */
  rebuild(): void {
    this.uidValidity += 1;
    const first = 1 + Math.floor(Math.random() * 50);
    this.mails = this.mails.map((mail, index) => ({ ...mail, uid: first + index }));
    this.uidNext = first + this.mails.length;
    this.#uids = new Map(this.mails.map((mail) => [mail.uid, mail]));
    this.emit('change');
  }
}

/** A mailbox in memory: the IMAP stand-in shows it, the SMTP stand-in delivers into it. */
export class Mailbox {
  readonly user: string;
  readonly password: string;
  /** Access tokens that sign in here, besides the password. */
  readonly tokens = new Set<string>();
  readonly folders = new Map<string, Folder>();

  constructor(user: string, password: string) {
    this.user = user;
    this.password = password;
    for (const [path, use] of [['INBOX'], ['Sent', '\\Sent'], ['Junk', '\\Junk']] as const) this.add(path, use);
  }

  /** `user=…^Aauth=Bearer …^A^A` in base64 (XOAUTH2). */
  takes(proof: string): boolean {
    const [user, token] = decoded(proof).split('\u0001');
    return user === `user=${this.user}` && this.tokens.has(token?.replace(/^auth=Bearer /, '') ?? '');
  }

  add(path: string, use?: string): Folder {
    const folder = new Folder(path, use);
    this.folders.set(path, folder);
    return folder;
  }

  get inbox(): Folder {
    return this.folder('INBOX');
  }

  folder(path: string): Folder {
    const folder = this.folders.get(path);
    if (!folder) throw new Error(`The mailbox has no folder ${path}`);
    return folder;
  }
}

const decoded = (text: string): string => Buffer.from(text, 'base64').toString();
