import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../../platform/keyring.ts';

/** What the hub signs and a browser brings back. The signatures outlive a rotation of the master key, like the codes. */

/** A form that was shown: its key names what comes of it, so that it is entered once however often it is sent. */
export interface FormToken {
  key: string;
  shownAt: Date;
}

const MAC_BYTES = 16;

/** `shownAt` lies back where somebody has filled in the form already. */
export function issueForm(keyring: Keyring, shownAt: Date): string {
  const body = `${randomBytes(16).toString('base64url')}.${shownAt.getTime().toString(36)}`;
  return `${body}.${sign(keyring, body, 'door-form')}`;
}

export function readForm(keyring: Keyring, token: string): FormToken | null {
  const [, body, key, shown, mac] = /^(([\w-]{22})\.([0-9a-z]{6,10}))\.([\w-]{22})$/.exec(token) ?? [];
  if (!body || !key || !shown || !mac || !isSigned(keyring, body, 'door-form', mac)) return null;
  return { key, shownAt: new Date(Number.parseInt(shown, 36)) };
}

/** Opens one complaint for a while, in place of its code. */
export function issueSession(keyring: Keyring, complaintId: string, until: Date): string {
  const body = `${complaintId}.${until.getTime().toString(36)}`;
  return `${body}.${sign(keyring, body, 'door-session')}`;
}

export function isSession(keyring: Keyring, value: string, complaintId: string, now: Date): boolean {
  const [, body, id, until, mac] = /^(([0-9a-f-]{36})\.([0-9a-z]{6,10}))\.([\w-]{22})$/.exec(value) ?? [];
  if (!body || id !== complaintId || !until || !mac) return false;
  return isSigned(keyring, body, 'door-session', mac) && Number.parseInt(until, 36) > now.getTime();
}

const sign = (keyring: Keyring, body: string, purpose: string): string =>
  keyring.blindIndex(body, purpose).subarray(0, MAC_BYTES).toString('base64url');

const isSigned = (keyring: Keyring, body: string, purpose: string, mac: string): boolean =>
  timingSafeEqual(Buffer.from(sign(keyring, body, purpose)), Buffer.from(mac));
