import type { Actor } from '../../core/access.ts';
import { unpackDelivery, unpackRaw } from '../../core/sealed.ts';
import { quarantined, type SealedRaw } from '../../store/quarantine.ts';
import type { DeskDeps } from '../deps.ts';
import { mustBeAbleHub, trail } from './channels.ts';
import { notFound } from './desk.ts';

export interface RawDownload {
  kind: SealedRaw['kind'];
  bytes: Uint8Array;
}

/**
 * What could not be read, as it came: the body of a delivery, or one event. It holds everything the citizen wrote, so
 * only administrators get it, and each reading is an event.
 */
export async function readQuarantined(deps: DeskDeps, actor: Actor, id: string): Promise<RawDownload> {
  mustBeAbleHub(actor, 'raw');
  const row = (await quarantined(deps.db, id)) ?? notFound('quarantined delivery or item', id);
  await deps.db.transaction().execute((tx) => trail(deps, tx, actor, 'quarantine.read', { id, kind: row.kind }));
  return { kind: row.kind, bytes: open(deps, row) };
}

function open(deps: DeskDeps, { kind, sealed }: SealedRaw): Uint8Array {
  if (kind === 'delivery') return unpackDelivery(deps.keyring.decrypt(sealed, 'envelope')).body;
  const raw = unpackRaw(deps.keyring.decrypt(sealed, 'item'));
  return typeof raw === 'string' ? Buffer.from(raw) : raw;
}
