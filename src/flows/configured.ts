import type { Channel } from '../config/channel.ts';
import { diffSnapshots } from '../config/diff.ts';
import { unpackRaw } from '../core/sealed.ts';
import { endQuota, ensureChannels, setHealth } from '../store/channelState.ts';
import { insertLoad, lockLastLoad } from '../store/configLoads.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/events.ts';
import { insertItems, takeUnknown } from '../store/items.ts';
import type { ChannelState } from '../store/schema.ts';
import type { FlowDeps } from './deps.ts';
import { wellnessOf } from './health.ts';
import { rawItemRow } from './itemRow.ts';

type Deps = Pick<FlowDeps, 'db' | 'config' | 'clock' | 'log' | 'keyring' | 'wake'>;

/** What a start does with the configuration it loaded: records it with its difference, and marks broken channels. */
export async function applyConfiguration(deps: Deps): Promise<void> {
  const { config } = deps;
  const known = [...config.channels.map((channel) => channel.id), ...config.broken.map((channel) => channel.id)];
  await ensureChannels(deps.db, known);
  await deps.db.transaction().execute((tx) => recordLoad(deps, tx));
  for (const broken of config.broken) {
    const faults = broken.faults.map((fault) => `${fault.file}:${fault.line} ${fault.path}: ${fault.message}`);
    await setHealth(deps.db, broken.id, 'misconfigured', faults.join('\n'));
    deps.log.error({ channel: broken.id, faults }, 'configuration: this channel is not running; run "kanal check"');
  }
  for (const channel of config.channels) {
    await mendHealth(deps, channel);
    if (channel.publish.maxPerDay === undefined) await endQuota(deps.db, channel.id);
    await adoptUnknown(deps, channel);
  }
}

async function recordLoad(deps: Deps, tx: Tx): Promise<void> {
  const { hash, snapshot } = deps.config;
  const last = await lockLastLoad(tx);
  if (last?.hash === hash) return;
  await insertLoad(tx, hash, snapshot);
  const changes = diffSnapshots(last?.snapshot, snapshot);
  const event = {
    complaintId: null,
    actor: 'hub',
    type: 'config.loaded',
    data: { hash, previous: last?.hash ?? null, changes: changes.length },
    ...(changes.length > 0 ? { reason: changes.join('\n') } : {}),
  };
  await appendEvents(tx, [event], deps.clock.now());
  deps.log.info({ hash, changes: last ? changes : changes.length }, 'configuration: loaded');
}

/** What stood in the file before is over: a fault, or the wait for a platform's permission. One that begins now stands. */
async function mendHealth(deps: Deps, channel: Channel): Promise<void> {
  const { health, reason } = wellnessOf(channel);
  const over = health === 'ok' ? ['misconfigured', 'awaitingAccess'] : ['misconfigured', 'ok'];
  await deps.db
    .updateTable('channel_state')
    .set({ health, health_reason: reason, health_since: deps.clock.now() })
    .where('channel_id', '=', channel.id)
    .where('health', 'in', over as ChannelState['health'][])
    .execute();
}

/** Items that came for an account before a channel named it are read now. */
async function adoptUnknown(deps: Deps, channel: { id: string; adapter: string; account: string }): Promise<void> {
  const prefix = `${channel.adapter} ${channel.account} `;
  const adopted = await deps.db.transaction().execute(async (tx) => {
    const rows = await takeUnknown(tx, prefix);
    if (rows.length === 0) return 0;
    const items = rows.map((row) => ({
      ...rawItemRow(
        deps,
        channel.id,
        { key: row.key.slice(prefix.length), raw: unpackRaw(deps.keyring.decrypt(row.sealed, 'item')) },
        row.received_at,
        row.envelope_id,
      ),
    }));
    await insertItems(tx, items);
    return rows.length;
  });
  if (adopted === 0) return;
  deps.log.info({ channel: channel.id, items: adopted }, 'configuration: items of this account are read now');
  void deps.wake('normalise', channel.id);
}
