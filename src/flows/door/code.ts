import { timingSafeEqual } from 'node:crypto';
import { accessCode, parseAccessCode } from '../../core/ticket.ts';
import type { Keyring } from '../../platform/keyring.ts';

/**
 * The access code of a complaint. It is computed, never stored: a copy of the database opens nothing. It is the same as
 * long as the oldest master key stays in the list, as for the blind indexes.
 */
export const accessCodeOf = (keyring: Keyring, complaintId: string): string =>
  accessCode(keyring.blindIndex(complaintId, 'access-code'));

/** Is this what was printed on the receipt of this complaint? Takes as long whatever was typed. */
export function isAccessCode(keyring: Keyring, complaintId: string, typed: string): boolean {
  const right = Buffer.from(accessCodeOf(keyring, complaintId));
  const given = parseAccessCode(typed);
  return timingSafeEqual(right, given ? Buffer.from(given) : Buffer.alloc(right.length)) && given !== null;
}
