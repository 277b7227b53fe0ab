import { randomInt } from 'node:crypto';

/** Digits and capitals that cannot be mistaken for each other when copied from paper: no 0 O 1 I. */
export const TICKET_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A ticket number such as `K7M-4QD-X2P`: 45 random bits, so that nobody can guess another one. */
export function newTicketNo(): string {
  const characters = Array.from({ length: 9 }, () => TICKET_ALPHABET[randomInt(TICKET_ALPHABET.length)]);
  return [0, 3, 6].map((start) => characters.slice(start, start + 3).join('')).join('-');
}

/** What somebody typed, to the form in the register: `k7m4qdx2p` to `K7M-4QD-X2P`. `null` when it cannot be a ticket. */
export function parseTicketNo(typed: string): string | null {
  const bare = bareOf(typed);
  if (!isWritten(bare, 9)) return null;
  return `${bare.slice(0, 3)}-${bare.slice(3, 6)}-${bare.slice(6)}`;
}

const CODE_CHARS = 8;

/** The access code that a MAC stands for, such as `7KQM-X2PD`: its first 40 bits. Whoever knows it reads their own complaint. */
export function accessCode(mac: Uint8Array): string {
  if (mac.length < CODE_CHARS) throw new RangeError('an access code is made of at least 8 bytes');
  const characters = Array.from(mac.subarray(0, CODE_CHARS), (byte) => TICKET_ALPHABET[byte & 31]);
  return `${characters.slice(0, 4).join('')}-${characters.slice(4).join('')}`;
}

/** What somebody typed, to the form of `accessCode`: `7kqm x2pd` to `7KQM-X2PD`. `null` when it cannot be a code. */
export function parseAccessCode(typed: string): string | null {
  const bare = bareOf(typed);
  return isWritten(bare, CODE_CHARS) ? `${bare.slice(0, 4)}-${bare.slice(4)}` : null;
}

const bareOf = (typed: string): string => typed.toUpperCase().replace(/[\s.\-_/]/g, '');

const isWritten = (bare: string, length: number): boolean =>
  bare.length === length && [...bare].every((character) => TICKET_ALPHABET.includes(character));
