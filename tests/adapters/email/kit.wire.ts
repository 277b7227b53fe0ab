import { type ImapCommand, type ImapDeed, startImap } from '../../../simulators/mail/imap.ts';
import { Mailbox } from '../../../simulators/mail/mailbox.ts';
import type { Fault, PlatformState, Wire, WireAnswer, WireRequest } from '../../kit/index.ts';
import { ACCOUNT, mailOf, PASSWORD } from './kit.mails.ts';

/** The mail server of the kit: an IMAP stand-in whose mailbox holds the events. */
export async function mailWire(state: PlatformState): Promise<Wire> {
  const mailbox = new Mailbox(ACCOUNT, PASSWORD);
  const imap = await startImap(mailbox);
  const requests: WireRequest[] = [];
  let fault: Fault | null = null;
  let picks: (request: WireRequest) => boolean = () => true;
  let open = true;

  const deliver = () => {
    for (const event of state.events.slice(mailbox.inbox.uidNext - 1)) mailbox.inbox.append(mailOf(event), event.at);
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
  return {
    origin: `http://127.0.0.1:${imap.port}`,
    requests,
    steer(next, when = () => true) {
      fault = next;
      picks = when;
    },
    busyConnections: async () => imap.connections(),
    close: async () => {
      open = false;
      await imap.close();
    },
  };
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
