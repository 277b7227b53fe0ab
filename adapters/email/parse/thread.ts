import { readOurId, threadOf, threadOfAddress } from '../ids.ts';
import { messageId } from '../raw.ts';
import { type Head, headerOf, headersOf } from './headers.ts';

export interface Links {
  /** Names the conversation and the person: whoever only knows an id of it is in another thread. */
  threadId: string;
  parentId?: string;
  /** The writer names this ticket; the hub believes only a known author. */
  ticketNo?: string;
  /** Ids of the conversation, oldest first, without `<>`. */
  references: string[];
}

type Verify = (token: string) => string | null;

const RECIPIENTS = ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'];
const MAX_IDS = 100;
/** As the hub writes them: `[K7M-4QD-X2P]`, with or without brackets. */
const TICKET = /(?:^|[^A-Z0-9])([2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3})(?![A-Z0-9-])/i;

/**
 * Evidence, from the strongest: a signed token in an address of ours; a signed id of ours among References; the ids
 * alone. The subject never makes a thread. Pure.
 */
export function linksOf(head: Head, mail: { id: string; person: string; subject: string }, verify: Verify): Links {
  const references = idsOf(headersOf(head, 'references').join(' '));
  const answered = idsOf(headerOf(head, 'in-reply-to') ?? '');
  const all = [...new Set([...references, ...answered])];
  const signed = tokenThread(head, verify) ?? ourThread(all, verify);
  const parentId = answered[0] ?? references.at(-1);
  const [, ticketNo] = TICKET.exec(mail.subject.slice(0, 500)) ?? [];
  return {
    threadId: signed ?? threadOf(all[0] ?? mail.id, mail.person),
    ...(parentId && { parentId }),
    ...(ticketNo && { ticketNo: ticketNo.toUpperCase() }),
    references: all,
  };
}

function tokenThread(head: Head, verify: Verify): string | undefined {
  const written = RECIPIENTS.flatMap((name) => headersOf(head, name))
    .join(',')
    .slice(0, 100_000);
  for (const [address] of written.matchAll(/[^\s<>,;:"()@]{1,64}@[^\s<>,;:"()@]{1,255}/g)) {
    const threadId = threadOfAddress(address, verify);
    if (threadId) return threadId;
  }
  return undefined;
}

/** The newest that is ours. */
const ourThread = (ids: readonly string[], verify: Verify): string | undefined =>
  ids.toReversed().flatMap((id) => readOurId(id, verify)?.threadId ?? [])[0];

/** `<a@b> <c@d>`, also with comments or without brackets, to `['a@b', 'c@d']`. */
function idsOf(header: string): string[] {
  const near = header.slice(0, 100_000);
  const wrapped = near.match(/<[^<>\s]{1,900}>/g) ?? near.split(/[\s,]+/).filter((word) => word.includes('@'));
  return wrapped.flatMap((id) => messageId(id) ?? []).slice(0, MAX_IDS);
}
