import type { ReceiptItem } from '#contract';
import { messageId } from '../raw.ts';
import type { Report } from './classify.ts';
import { headerOf, headOf, splitMail } from './headers.ts';
import type { Part } from './mail.ts';

/** So much of a report's parts is read. */
export const REPORT_BYTES = 64 * 1024;
const REPORT_PARTS =
  /^(?:message\/(?:delivery-status|disposition-notification|feedback-report|rfc822)|text\/rfc822-headers)$/i;

export const isReportPart = (mime: string): boolean => REPORT_PARTS.test(mime);

export interface Outcome {
  /** Message-ID of the mail that it is about, without `<>`. */
  about: string;
  state: ReceiptItem['state'];
  /** For people, in Indonesian. */
  reason?: string;
}

/** What a report says about a mail of ours; `null` when it does not say about which. Pure. */
export function outcomeOf(kind: Report, parts: readonly Part[], answered: readonly string[]): Outcome | null {
  const about = originalOf(parts) ?? answered.at(-1);
  if (about === undefined) return null;
  if (kind === 'disposition-notification') return { about, state: 'read' };
  if (kind === 'feedback-report') return { about, state: 'rejected', reason: 'Penerima menandainya sebagai spam.' };
  const delivery = deliveryOf(parts);
  return delivery ? { about, ...delivery } : null;
}

const textOf = (parts: readonly Part[], mime: RegExp): string[] =>
  parts.filter((part) => mime.test(part.mime)).map((part) => part.bytes?.toString('latin1') ?? '');

/** The returned mail or its head, or the field that names it (RFC 8098 section 3.2.5). */
function originalOf(parts: readonly Part[]): string | undefined {
  for (const text of textOf(parts, /^(?:message\/rfc822|text\/rfc822-headers)$/i)) {
    const id = messageId(headerOf(headOf(splitMail(Buffer.from(text, 'latin1')).head), 'message-id'));
    if (id) return id;
  }
  const [report = ''] = textOf(parts, /^message\/(?:disposition-notification|feedback-report)$/i);
  return messageId(headerOf(headOf(Buffer.from(report, 'latin1')), 'original-message-id'));
}

const ACTIONS = { failed: 'failed', delayed: 'delayed', delivered: 'delivered', relayed: 'delivered' } as const;

/** RFC 3464: groups of fields between empty lines; the first is about the report, each other about one recipient. */
function deliveryOf(parts: readonly Part[]): Pick<Outcome, 'state' | 'reason'> | undefined {
  const [report = ''] = textOf(parts, /^message\/delivery-status$/i);
  const groups = report.split(/\r?\n\s*\r?\n/).map((group) => headOf(Buffer.from(group, 'latin1')));
  const results = groups.flatMap((group) => {
    const action = headerOf(group, 'action')?.toLowerCase() ?? '';
    const state = ACTIONS[action as keyof typeof ACTIONS];
    return state ? [{ state, status: headerOf(group, 'status') ?? '' }] : [];
  });
  const worst = ['failed', 'delayed', 'delivered'].flatMap((state) => results.filter((one) => one.state === state))[0];
  if (!worst) return undefined;
  const code = /^[245]\.\d{1,3}\.\d{1,3}/.exec(worst.status)?.[0];
  if (worst.state === 'delivered') return { state: 'delivered' };
  if (worst.state === 'delayed')
    return { state: 'delayed', reason: reasonFor(code, 'Server penerima belum menerimanya; masih dicoba.') };
  return { state: code?.startsWith('5.7.') ? 'rejected' : 'failed', reason: reasonFor(code, wordsFor(code)) };
}

const reasonFor = (code: string | undefined, words: string): string => (code ? `${words} (${code})` : words);

/** RFC 3463. */
function wordsFor(code: string | undefined): string {
  if (code?.startsWith('5.1.') || code === '5.2.1') return 'Alamat surel penerima tidak ada.';
  if (code === '5.2.2' || code === '4.2.2') return 'Kotak surat penerima penuh.';
  if (code?.startsWith('5.3.4') || code?.startsWith('5.2.3')) return 'Surat terlalu besar bagi penerima.';
  if (code?.startsWith('5.7.')) return 'Server penerima menolak surat ini karena aturannya.';
  return 'Surat tidak dapat diantarkan.';
}
