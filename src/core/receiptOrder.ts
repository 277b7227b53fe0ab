import type { ReceiptItem } from '#contract';

export interface Receipt {
  state: ReceiptItem['state'];
  /** ISO 8601. */
  at: string;
  reason?: string;
}

/** How far a reply has come. What is not here ends its way. */
const STEPS: Partial<Record<Receipt['state'], number>> = { sent: 1, delayed: 1, visible: 2, delivered: 2, read: 3 };
const ARRIVED = 2;
const stepOf = ({ state }: Receipt): number => STEPS[state] ?? 0;

/**
 * Does `next` take the place of `old`? Receipts come twice, late and in any order: a step back never counts, and what has
 * arrived cannot have failed. Otherwise the later event wins.
 */
export function supersedes(next: Receipt, old: Receipt | null): boolean {
  if (!old) return true;
  if (next.state === 'failed' && stepOf(old) >= ARRIVED) return false;
  if (old.state === 'failed' && stepOf(next) >= ARRIVED) return true;
  if (stepOf(next) > 0 && stepOf(old) > 0 && stepOf(next) !== stepOf(old)) return stepOf(next) > stepOf(old);
  return Date.parse(next.at) >= Date.parse(old.at);
}
