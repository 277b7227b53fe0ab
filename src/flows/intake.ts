import type { AnyAdapter, RawItem } from '#contract';
import { unpackDelivery } from '../core/sealed.ts';
import { inTransaction, type Tx } from '../store/database.ts';
import { claimEnvelopes, finishEnvelopes, quarantineEnvelope } from '../store/envelopes.ts';
import { insertItems, type NewSourceItem, UNKNOWN_CHANNEL } from '../store/items.ts';
import type { Envelope } from '../store/schema.ts';
import { channelOfAccount, type FlowDeps, pollingChannels } from './deps.ts';
import { freshItems, rawItemRow } from './itemRow.ts';

const BATCH = 400;

interface Read {
  envelope: Envelope;
  /** null: it only says that something changed. */
  items: RawItem[] | null;
}

/** Splits what waits at an endpoint into raw items, batch by batch, until nothing waits. */
export async function drainIntake(deps: FlowDeps, endpoint: string): Promise<void> {
  while (!deps.signal.aborted) {
    const touched = await inTransaction(deps.db, (tx) => intakeBatch(deps, tx, endpoint));
    if (!touched) return;
    deps.fresh.keep(touched.fresh);
    for (const channelId of touched.normalise) void deps.wake('normalise', channelId);
    for (const channelId of touched.poll) void deps.wake('poll', channelId);
  }
}

async function intakeBatch(deps: FlowDeps, tx: Tx, endpoint: string) {
  const envelopes = await claimEnvelopes(tx, endpoint, BATCH);
  if (envelopes.length === 0) return null;
  const read: Read[] = [];
  for (const envelope of envelopes) {
    try {
      read.push({ envelope, items: readEnvelope(deps, envelope) });
    } catch (error) {
      const reason = `the delivery could not be read: ${deps.scrub((error as Error).message)}`;
      deps.log.warn({ envelope: envelope.id, endpoint }, 'intake: a delivery is quarantined');
      await quarantineEnvelope(tx, envelope.id, reason);
    }
  }
  const rows = read.flatMap(({ envelope, items }) => (items ?? []).map((item) => itemRow(deps, envelope, item)));
  await insertItems(tx, rows);
  await finishEnvelopes(
    tx,
    read.map(({ envelope, items }) => ({ id: envelope.id, items: items?.length ?? null })),
  );
  const items = read.flatMap((one) => one.items ?? []);
  return {
    fresh: freshItems(rows, items),
    normalise: new Set(rows.filter((row) => !row.quarantine).map((row) => row.channelId)),
    poll: new Set(
      read.filter((one) => one.items === null).flatMap(({ envelope }) => pollingChannels(deps.config, envelope)),
    ),
  };
}

function readEnvelope(deps: FlowDeps, envelope: Envelope): RawItem[] | null {
  const adapter: AnyAdapter | undefined = deps.adapters[envelope.adapter];
  if (!adapter?.receive) throw new Error(`there is no adapter "${envelope.adapter}" that receives deliveries`);
  const endpoint = deps.config.hub.endpoints[envelope.endpoint];
  const settings = endpoint?.adapter === envelope.adapter ? endpoint.settings : undefined;
  const unpacked = adapter.receive.unpack(unpackDelivery(deps.keyring.decrypt(envelope.sealed, 'envelope')), settings);
  return unpacked === 'wake' ? null : unpacked;
}

function itemRow(deps: FlowDeps, envelope: Envelope, item: RawItem): NewSourceItem {
  const adapter = item.adapter ?? envelope.adapter;
  const channel = channelOfAccount(deps.config, adapter, item.account);
  // Whoever can sign for one endpoint must not speak for an account that listens at another.
  const listens = channel && (channel.endpoint ?? envelope.endpoint) === envelope.endpoint;
  const key = listens ? item.key : `${adapter} ${item.account} ${item.key}`;
  const row = rawItemRow(
    deps,
    listens ? channel.id : UNKNOWN_CHANNEL,
    { ...item, key },
    envelope.received_at,
    envelope.id,
  );
  if (listens) return row;
  const cure = 'Add a channel file that names it, with this endpoint; the item is then read again by itself.';
  return {
    ...row,
    quarantine: `account "${item.account}" (${adapter}) belongs to no channel at this endpoint. ${cure}`,
  };
}
