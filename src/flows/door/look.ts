import { type PublicStatus, publicStatus, type StatusFacts } from '../../core/door/status.ts';
import { sha256 } from '../../core/sealed.ts';
import { parseTicketNo } from '../../core/ticket.ts';
import {
  complaintByTicket,
  countGuess,
  type DoorComplaint,
  doorComplaint,
  forgetGuesses,
  stepsOf,
} from '../../store/door.ts';
import type { DeskDeps } from '../deps.ts';
import { isAccessCode } from './code.ts';

/** A complaint as its ticket number shows it to everybody. */
export interface Looked {
  complaint: DoorComplaint;
  ticketNo: string;
  facts: StatusFacts;
  status: PublicStatus;
}

/** `null`: no complaint has this number. */
export async function look(deps: DeskDeps, ticketNo: string): Promise<Looked | null> {
  const complaint = await complaintByTicket(deps.db, ticketNo);
  return complaint ? lookedOf(deps, complaint, ticketNo) : null;
}

async function lookedOf(deps: DeskDeps, complaint: DoorComplaint, ticketNo: string): Promise<Looked> {
  const parent = complaint.merged_into ? await doorComplaint(deps.db, complaint.merged_into) : undefined;
  const responsible = parent ?? complaint;
  const facts: StatusFacts = {
    ...{ state: complaint.state, sensitive: complaint.sensitive, secret: complaint.secret },
    receivedAt: complaint.received_at,
    agency: deps.config.hub.agencies.find(({ id }) => id === responsible.agency_id)?.name ?? null,
    steps: await stepsOf(deps.db, complaint.id),
    ...(parent && {
      parent: { state: parent.state, sensitive: parent.sensitive, steps: await stepsOf(deps.db, parent.id) },
    }),
  };
  return { complaint, ticketNo, facts, status: publicStatus(facts) };
}

/**
 * So many codes may be tried for one ticket number within the span: from one address, and by all people together, so that
 * nobody who knows a number can keep its reporter out alone.
 */
const GUESSES = { most: 20, together: 500, spanMs: 60 * 60_000 };
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Opens a complaint by its number and code. A number that does not exist and a code that does not fit are the same, `null`.
 * `limited`: too many were tried for this number, whether it exists or not; 40 bits then last for a thousand years.
 */
export async function openByCode(
  deps: DeskDeps,
  { ticket, code, address }: { ticket: string; code: string; address: string },
): Promise<Looked | 'limited' | null> {
  const ticketNo = parseTicketNo(ticket);
  const name = ticketNo ?? ticket.slice(0, 100);
  const subject = sha256('door', name, '\0', address);
  const within = { at: deps.clock.now(), spanMs: GUESSES.spanMs };
  const own = await countGuess(deps.db, subject, within);
  const all = await countGuess(deps.db, sha256('door', name), within);
  if (own > GUESSES.most || all > GUESSES.together) {
    if (own === GUESSES.most + 1 || all === GUESSES.together + 1)
      deps.log.warn({ own, all }, 'door: too many codes were tried for one ticket number');
    return 'limited';
  }
  const looked = ticketNo ? await look(deps, ticketNo) : null;
  const fits = isAccessCode(deps.keyring, looked?.complaint.id ?? NOBODY, code);
  if (!looked || !fits) return null;
  await forgetGuesses(deps.db, subject);
  return looked;
}
