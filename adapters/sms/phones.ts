/** Country code and subscriber: at most 15 digits (ITU-T E.164); less than 8 is a short code. */
const INTERNATIONAL = /^\+[1-9]\d{7,14}$/;

/**
 * A number as a gateway, a modem or a person writes it, to E.164; `null` for what is no telephone number: short codes
 * (`3636`) and names (`TSEL`). Without a `+`, a number that begins like an Indonesian one is one.
 */
export function e164(written: string): string | null {
  const digits = written.trim().replace(/[\s().-]/g, '');
  if (!/^\+?\d+$/.test(digits)) return null;
  const dialled = international(digits).replace(/^\+620+/, '+62');
  return INTERNATIONAL.test(dialled) ? dialled : null;
}

function international(digits: string): string {
  if (digits.startsWith('+')) return digits;
  if (digits.startsWith('00')) return `+${digits.slice(2)}`;
  if (digits.startsWith('0')) return `+62${digits.slice(1)}`;
  if (/^8[1-9]\d{7,10}$/.test(digits)) return `+62${digits}`;
  // Ten digits and more are no short code: an international number whose plus was lost, such as 62812...
  return digits.length >= 10 ? `+${digits}` : digits;
}

export const FORMS = ['e164', 'digits', 'local'] as const;
export type Form = (typeof FORMS)[number];

/** An E.164 number as the gateway wants it: `+62812...`, `62812...`, or `0812...` where it is Indonesian. */
export function written(number: string, form: Form): string {
  if (form === 'e164') return number;
  if (form === 'local' && number.startsWith('+62')) return `0${number.slice(3)}`;
  return number.slice(1);
}
