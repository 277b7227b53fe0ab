import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessCode, newTicketNo, parseAccessCode, parseTicketNo, TICKET_ALPHABET } from '../../src/core/ticket.ts';

describe('ticket numbers', () => {
  it('are read however they are typed', () => {
    const ticket = newTicketNo();
    expect(parseTicketNo(` ${ticket.toLowerCase().replaceAll('-', '.')} `)).toBe(ticket);
    expect(parseTicketNo(ticket.slice(1))).toBeNull();
    expect(parseTicketNo('K7M-4QD-X20')).toBeNull();
  });
});

describe('access codes', () => {
  it('are eight characters that nobody mistakes, in two groups', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 32 }), (mac) => {
        const code = accessCode(mac);
        expect(code).toMatch(/^.{4}-.{4}$/);
        expect([...code.replace('-', '')].every((one) => TICKET_ALPHABET.includes(one))).toBe(true);
        expect(parseAccessCode(code.toLowerCase().replace('-', ' '))).toBe(code);
      }),
    );
  });

  it('use five bits of each byte', () => {
    expect(accessCode(Buffer.from([0, 1, 2, 3, 31, 30, 32, 33]))).toBe('2345-ZY23');
    expect(() => accessCode(Buffer.alloc(7))).toThrow(RangeError);
  });

  it('refuses what cannot be one', () => {
    for (const typed of ['', '7KQM-X2P', '7KQM-X2PDD', '7KQM-X2PO', '7KQM-X2P1'])
      expect(parseAccessCode(typed)).toBeNull();
  });
});
