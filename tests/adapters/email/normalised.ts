import type { Item, MessageItem } from '#contract';
import email from '../../../adapters/email/index.ts';
import { settings } from '../../../adapters/email/settings.ts';
import { kitTokens } from '../../kit/context.ts';

export const ACCOUNT = 'aduan@kabupaten.example';
export const RECEIVED = new Date('2026-11-24T01:00:00.000Z');

/** What the adapter makes of a mail, without the hub. */
export async function normaliseMail(
  mail: string | Uint8Array,
  about: Record<string, unknown> = {},
): Promise<Item | null> {
  const parsed = settings.parse({ host: 'x', user: 'x', password: '${X}', ...about });
  const { verify } = kitTokens;
  const ctx = { channel: { id: 'kit', account: ACCOUNT }, settings: parsed, receivedAt: RECEIVED, tokens: { verify } };
  return email.normalise(mail, ctx);
}

export async function messageFrom(
  mail: string | Uint8Array,
  about: Record<string, unknown> = {},
): Promise<MessageItem> {
  const item = await normaliseMail(mail, about);
  if (item?.type !== 'message') throw new Error(`no message but ${item?.type ?? 'nothing'}`);
  return item;
}

/** A mail of the given header lines, `key: value`, with usual ones where they are not given. */
export function mail(lines: readonly string[] = [], body = 'Lampu mati.'): string {
  const usual = [
    'From: Budi Santoso <budi@surel.example>',
    `To: ${ACCOUNT}`,
    'Subject: Lampu',
    'Message-ID: <a@surel.example>',
  ];
  const named = new Set(lines.map((line) => line.split(':')[0]?.toLowerCase()));
  const head = [...usual.filter((line) => !named.has(line.split(':')[0]?.toLowerCase())), ...lines];
  return `${head.join('\r\n')}\r\n\r\n${body}\r\n`;
}
