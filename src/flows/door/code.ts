import { timingSafeEqual } from 'node:crypto';
import { accessCode, parseAccessCode } from '../../core/ticket.ts';
import type { Keyring } from '../../platform/keyring.ts';
import type { Publication } from '../../store/schema.ts';

/**
 * The access code of a complaint. It is computed, never stored: a copy of the database opens nothing. It is the same as
 * long as the oldest master key stays in the list, as for the blind indexes.
 */
export const accessCodeOf = (keyring: Keyring, complaintId: string): string =>
  accessCode(keyring.blindIndex(complaintId, 'access-code'));

/**
 * Stands for the code in what is kept and shown of a receipt: whoever reads a publication or our own message is not thereby
 * the citizen. As long as a code, so that a text is measured and divided as it will be sent.
 */
export const CODE_BLANK = '****-****';

/** What is sent: only then the code of its complaint stands in a receipt. */
export const withCode = (
  keyring: Keyring,
  { kind, complaint_id }: Pick<Publication, 'kind' | 'complaint_id'>,
  text: string,
): string => (kind === 'receipt' ? text.replaceAll(CODE_BLANK, accessCodeOf(keyring, complaint_id)) : text);

/** Is this what was printed on the receipt of this complaint? Takes as long whatever was typed. */
export function isAccessCode(keyring: Keyring, complaintId: string, typed: string): boolean {
  const right = Buffer.from(accessCodeOf(keyring, complaintId));
  const given = parseAccessCode(typed);
  return timingSafeEqual(right, given ? Buffer.from(given) : Buffer.alloc(right.length)) && given !== null;
}
