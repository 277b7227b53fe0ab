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
  const bare = typed.toUpperCase().replace(/[\s.\-_/]/g, '');
  if (bare.length !== 9 || [...bare].some((character) => !TICKET_ALPHABET.includes(character))) return null;
  return `${bare.slice(0, 3)}-${bare.slice(3, 6)}-${bare.slice(6)}`;
}
