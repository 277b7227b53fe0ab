import { simpleParser } from 'mailparser';
import { CUT_MARK } from '../../../adapters/email/cutMark.ts';
import { instanceMark } from '../../../adapters/email/ids.ts';
import { type ImapCommand, type ImapDeed, startImap } from '../../../simulators/mail/imap.ts';
import { Mailbox } from '../../../simulators/mail/mailbox.ts';
import { type Deed, type Received, type Step, startSmtp } from '../../../simulators/mail/smtp.ts';
import { KIT_NOW, kitTokens } from '../../kit/context.ts';
import type { Fault, Landed, PlatformState, Wire, WireAnswer, WireRequest } from '../../kit/index.ts';
import { ACCOUNT, mailOf, PASSWORD } from './kit.mails.ts';

/** The mail server of the kit: its mailbox holds the events, and what is sent through it lies in its folder Sent. */
export async function mailWire(state: PlatformState): Promise<Wire> {
  const mailbox = new Mailbox(ACCOUNT, PASSWORD);
  const imap = await startImap(mailbox);
  const sent = sentFolder(mailbox, state);
  const smtp = await startSmtp({ user: ACCOUNT, password: PASSWORD, deliver: sent.land });
  const requests: WireRequest[] = [];
  let fault: Fault | null = null;
  let picks: (request: WireRequest) => boolean = () => true;
  let open = true;

  const deliver = () => {
    for (const event of state.events.slice(mailbox.inbox.uidNext - 1)) mailbox.inbox.append(mailOf(event), event.at);
    sent.fill();
  };
  const deliverLater = async () => {
    while (open) {
      await state.nextEvent();
      deliver();
    }
  };
  void deliverLater();
  imap.steer(async (command) => {
    deliver();
    const request = requestOf(command);
    requests.push(request);
    return fault && picks(request) ? deedOf(fault, request) : undefined;
  });
  smtp.steer(async (step, line) => {
    const request = smtpRequest(step, line);
    if (!request) return undefined;
    // What breaks before the whole mail was read is met at its first byte.
    const early = fault === 'dropBefore' && picks(request);
    if (step === 'body' && !early) return undefined;
    requests.push(request);
    return fault && picks(request) ? smtpDeed(fault, request) : undefined;
  });
  return {
    origin: `http://127.0.0.1:${imap.port}/${smtp.port}`,
    requests,
    steer(next, when = () => true) {
      fault = next;
      picks = when;
    },
    busyConnections: async () => imap.connections() + smtp.connections(),
    close: async () => {
      open = false;
      await Promise.all([imap.close(), smtp.close()]);
    },
  };
}

/** A provider that files what it takes. The folder is in use: this hub has sent before. */
function sentFolder(mailbox: Mailbox, state: PlatformState) {
  const folder = mailbox.folder('Sent');
  folder.append(
    Buffer.from(`Message-ID: <dulu@x>\r\nX-Hub-Instance: ${instanceMark(kitTokens)}\r\n\r\nDulu.\r\n`),
    KIT_NOW,
  );
  const raws = new Map<Landed, Buffer>();
  let filed = 0;
  const fill = () => {
    for (const one of state.landed.slice(filed)) {
      const other = `Message-ID: <${one.id}@lain.example>\r\nSubject: Re: Lampu jalan mati\r\n\r\n${one.text}\r\n`;
      folder.append(raws.get(one) ?? Buffer.from(other), KIT_NOW);
    }
    filed = state.landed.length;
  };
  const land = async ({ raw }: Received) => {
    const mail = await simpleParser(raw);
    const text = (mail.text ?? '').replace(`${CUT_MARK}\n\n`, '').replace(/\n$/, '');
    const id = mail.messageId?.replace(/^<|>$/g, '') ?? '';
    const one = { id, key: String(mail.headers.get('x-hub-outbox')), text, files: mail.attachments.length };
    raws.set(one, raw);
    state.landed.push(one);
  };
  return { fill, land };
}

const SMTP_REQUESTS: Partial<Record<Step, string>> = { auth: '/AUTH', body: '/DATA', message: '/DATA' };

function smtpRequest(step: Step, line: string): WireRequest | null {
  const path = SMTP_REQUESTS[step];
  if (!path) return null;
  const headers = { arguments: `${line.slice(0, 100)} ${PASSWORD}` };
  return { method: 'SMTP', path, query: new URLSearchParams(), headers, body: Buffer.from(line, 'latin1') };
}

async function smtpDeed(fault: Fault, request: WireRequest): Promise<Deed | undefined> {
  if (fault === 'dropBefore') return { then: 'drop' };
  if (fault === 'dropAfter') return { take: true, then: 'drop' };
  const { status, headers, body } = await fault(request);
  const words = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  const login = request.path === '/AUTH';
  if (status === 401) return login ? { reply: `535 5.7.8 ${words}` } : undefined;
  if (status === 429)
    return { reply: `421 4.7.0 ${words}, try again in ${headers?.['retry-after']} seconds`, then: 'drop' };
  if (status === 422 || status === 400) return login ? undefined : { reply: `554 5.6.0 ${words}` };
  // Words that are none of SMTP: nobody knows what became of the mail.
  return { take: !login, reply: words, then: 'drop' };
}

/** The arguments stand in a header, so that a server that repeats what it was sent repeats the password, too. */
const requestOf = ({ name, args }: ImapCommand): WireRequest => ({
  method: 'IMAP',
  path: `/${name}`,
  query: new URLSearchParams(),
  headers: { arguments: `${args} ${PASSWORD}` },
  body: Buffer.from(args),
});

async function deedOf(fault: Fault, request: WireRequest): Promise<ImapDeed> {
  if (fault === 'dropBefore') return { then: 'drop' };
  if (fault === 'dropAfter') return { work: true, then: 'drop' };
  return imapDeed(await fault(request));
}

/** How a mail server says what a web server says by status. */
function imapDeed({ status, headers, body }: WireAnswer): ImapDeed {
  const words = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  if (status === 200) return { reply: `${words}\r\n`, then: 'drop' };
  if (status === 401) return { reply: `{tag} NO [AUTHENTICATIONFAILED] ${words}\r\n` };
  if (status === 429) {
    const ms = Number(headers?.['retry-after']) * 1_000;
    return { reply: `{tag} BAD Request is throttled. Suggested Backoff Time: ${ms} milliseconds\r\n` };
  }
  if (status >= 500) return { reply: `* BYE ${words}\r\n`, then: 'drop' };
  return { reply: `{tag} NO ${words}\r\n` };
}
