import type { ReceiptItem } from '#contract';
import { type Fields, fieldsOf, fromSeconds, idOf, listOf, textOf } from '../_meta/json.ts';
import { adviceFor } from './errors.ts';

const STATES: Readonly<Record<string, ReceiptItem['state']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
  deleted: 'removed',
};

/** What became of a message of ours. `biz_opaque_callback_data` brings our key back (Meta, "Cloud API: status webhooks"). */
export function statusItem(status: Fields): ReceiptItem | null {
  const objectId = idOf(status.id);
  const at = fromSeconds(status.timestamp);
  const state = STATES[String(status.status)];
  if (!objectId || !at) throw new Error('A status without its message or its time');
  // "warning" and whatever will be added says nothing about the delivery.
  if (!state) return null;
  const publicationKey = textOf(status.biz_opaque_callback_data);
  const reason = state === 'failed' ? reasonOf(listOf(status.errors).map(fieldsOf)) : undefined;
  return {
    ...{ type: 'receipt', objectId, at, state },
    ...(publicationKey && publicationKey.length <= 200 && { publicationKey }),
    ...(reason && { reason }),
  };
}

function reasonOf([error]: readonly Fields[]): string | undefined {
  if (!error) return undefined;
  const code = idOf(error.code);
  return `${adviceFor(code) ?? textOf(error.title) ?? 'Pesan tidak terkirim'} (${code ?? '?'})`.slice(0, 1_000);
}
