import type { RawItem } from '#contract';
import { rawPieces, sha256 } from '../core/sealed.ts';
import { newId } from '../store/database.ts';
import type { NewSourceItem } from '../store/items.ts';
import type { FlowDeps } from './deps.ts';
import type { FreshItem } from './fresh.ts';

export function rawItemRow(
  deps: Pick<FlowDeps, 'keyring'>,
  channelId: string,
  item: Pick<RawItem, 'key' | 'raw' | 'incomplete'>,
  receivedAt: Date,
  envelopeId: string | null,
): NewSourceItem {
  return {
    id: newId(),
    channelId,
    keyHash: sha256(item.key),
    key: item.key.slice(0, 500).toWellFormed().replaceAll('\0', '\uFFFD'),
    envelopeId,
    sealed: deps.keyring.encryptPieces(rawPieces(item.raw), 'item'),
    receivedAt,
    ...(item.incomplete && { incomplete: true }),
  };
}

/** Those that `normalise` reads as they came. `rows` are those of `items`, in the same order. */
export const freshItems = (rows: readonly NewSourceItem[], items: readonly RawItem[]): FreshItem[] =>
  rows.flatMap(({ id, quarantine, incomplete }, at) => (quarantine || incomplete ? [] : [{ id, raw: items[at]!.raw }]));
