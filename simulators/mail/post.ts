import { randomBytes } from 'node:crypto';
import { type ParsedMail, simpleParser } from 'mailparser';
import { type ImapStandIn, startImap } from './imap.ts';
import { Mailbox } from './mailbox.ts';
import { type Received, type SmtpStandIn, startSmtp } from './smtp.ts';
import { CITIZENS, CITIZENS_DOMAIN, LETTERS, REPLIES } from './words.ts';

export interface PostOptions {
  imapPort?: number | undefined;
  smtpPort?: number | undefined;
  /** The mailbox of the district: its address is the user's name. */
  user: string;
  password: string;
}

/** One mail as a citizen's program shows it. */
export interface Seen {
  at: Date;
  from: string;
  to: string;
  subject: string;
  id: string;
  /** Ids of the thread, oldest first, its own last. */
  thread: string[];
  text: string;
  /** Written by a machine: nobody answers it. */
  automatic: boolean;
}

/** A mail server for the demo: the district's mailbox by IMAP, and a server of outgoing mail whose citizens answer. */
export class Post {
  readonly seen: Seen[] = [];
  readonly mailbox: Mailbox;
  private readonly options: PostOptions;
  private readonly servers: { imap: ImapStandIn; smtp: SmtpStandIn };
  private count = 0;
  /** Called with what a citizen got. */
  onDelivery: (mail: Seen) => void = () => {};

  private constructor(options: PostOptions, mailbox: Mailbox, servers: Post['servers']) {
    this.options = options;
    this.mailbox = mailbox;
    this.servers = servers;
  }

  static async start(options: PostOptions): Promise<Post> {
    const { user, password, imapPort, smtpPort } = options;
    const mailbox = new Mailbox(user, password);
    // A server that forgets everything at its end has other mails under the same numbers at its next start.
    for (const folder of mailbox.folders.values()) folder.uidValidity = Math.floor(Date.now() / 1_000);
    const imap = await startImap(mailbox, imapPort === undefined ? {} : { port: imapPort });
    let deliver = async (_: Received): Promise<void> => {};
    const port = smtpPort === undefined ? {} : { port: smtpPort };
    const smtp = await startSmtp({ ...port, user, password, deliver: (mail) => deliver(mail) });
    const post = new Post(options, mailbox, { imap, smtp });
    deliver = ({ raw }) => post.bring(raw);
    return post;
  }

  get ports(): { imapPort: number; smtpPort: number } {
    return { imapPort: this.servers.imap.port, smtpPort: this.servers.smtp.port };
  }

  /** A citizen writes to the district. */
  write(): Promise<void> {
    const number = this.count++;
    const { subject, text } = LETTERS[number % LETTERS.length]!;
    const [name, local] = CITIZENS[number % CITIZENS.length]!;
    return this.send({ from: `${name} <${local}@${CITIZENS_DOMAIN}>`, to: this.options.user, subject, text });
  }

  /** A citizen answers a mail of the district: in its thread, with what was quoted, as mail programs do. */
  answer(mail: Seen): Promise<void> {
    const words = REPLIES[this.count++ % REPLIES.length]!;
    const quoted = mail.text.replace(/^/gm, '> ');
    const when = new Intl.DateTimeFormat('id-ID', { dateStyle: 'full', timeStyle: 'short' }).format(mail.at);
    const text = `${words}\n\nPada ${when} ${mail.from} menulis:\n\n${quoted}`;
    const subject = /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`;
    return this.send({ from: mail.to, to: mail.from, subject, text, references: mail.thread });
  }

  async close(): Promise<void> {
    await Promise.all([this.servers.imap.close(), this.servers.smtp.close()]);
  }

  private async send(mail: Pick<Seen, 'from' | 'to' | 'subject' | 'text'> & { references?: string[] }): Promise<void> {
    const id = `<${randomBytes(9).toString('hex')}@${CITIZENS_DOMAIN}>`;
    const head = [
      ...[`From: ${mail.from}`, `To: ${mail.to}`, `Subject: ${mail.subject}`, `Message-ID: ${id}`],
      ...(mail.references
        ? [`In-Reply-To: ${mail.references.at(-1)}`, `References: ${mail.references.join(' ')}`]
        : []),
      ...[`Date: ${new Date().toUTCString().replace('GMT', '+0000')}`, 'MIME-Version: 1.0'],
      'Content-Type: text/plain; charset=utf-8',
    ];
    const raw = Buffer.from(`${head.join('\r\n')}\r\n\r\n${mail.text.replaceAll('\n', '\r\n')}\r\n`);
    this.seen.push(seenOf(await simpleParser(raw)));
    this.mailbox.inbox.append(raw);
  }

  private async bring(raw: Buffer): Promise<void> {
    const mail = seenOf(await simpleParser(raw));
    this.seen.push(mail);
    this.onDelivery(mail);
  }
}

function seenOf(mail: ParsedMail): Seen {
  const id = mail.messageId ?? '';
  const to = [mail.to ?? []].flat().map((one) => one.text);
  const replyTo = mail.replyTo?.text ?? mail.from?.text ?? '';
  const thread = [...[mail.references ?? []].flat(), id];
  return {
    ...{ at: new Date(), from: replyTo, to: to.join(', '), subject: mail.subject ?? '', id, thread },
    ...{ text: (mail.text ?? '').trim(), automatic: mail.headers.has('auto-submitted') },
  };
}
