import type pg from 'pg';
import type { Delivery } from '#contract';
import { packDelivery, sha256 } from '../../src/core/sealed.ts';
import { createKeyring } from '../../src/platform/keyring.ts';
import { newId } from '../../src/store/database.ts';
import { insertEnvelopes } from '../../src/store/envelopes.ts';
import { startKanal } from './child.ts';
import { insertSlice, type Rows, readRows } from './copy.ts';
import { type Figure, type Measured, ratioFigure, VoidFigure } from './figure.ts';
import { countOf, dropDatabases, freshDatabase, type Ground, settle, withClient } from './ground.ts';
import { alternate, waitUntil } from './rounds.ts';
import { withWake } from './wake.ts';

const BASE = 'bench_visible_base';
const NAME = 'bench_visible';
const BATCH = 100;
/** With the column that gives their order; a row comes after what it refers to. */
const TABLES = [
  ['source_item', 'id'],
  ['reporter', 'id'],
  ['reporter_identity', 'reporter_id'],
  ['complaint', 'id'],
  ['message', 'id'],
  ['event', 'complaint_id'],
  ['outbox', 'id'],
] as const;

/** What is delivered, and where. */
export interface Deliveries {
  endpoint: string;
  adapter: string;
  count: number;
  /** Complaints that each of them makes. */
  each: number;
  delivery(n: number): Delivery;
}

/**
 * N acknowledged deliveries wait; the time until each is a complaint that the inbox shows. The limit: bare INSERTs of
 * the rows that come out. The hub's configuration must stand already. Rates are complaints per second.
 */
export async function measureVisible(ground: Ground, about: Measured, what: Deliveries): Promise<Figure> {
  try {
    await makeDeliveries(ground, await freshDatabase(ground, BASE), what);
    const made: Rows[] = [];
    // The hub goes first, once, so that there are rows to insert.
    await runHub(ground, what, made);
    const complaints = what.count * what.each;
    const rates = await alternate(ground, {
      hub: () => runHub(ground, what),
      inserts: () => runInserts(ground, complaints, made),
    });
    return ratioFigure(about, rates.hub, rates.inserts, ground);
  } finally {
    await dropDatabases(ground, [NAME, BASE]);
  }
}

/** Deliveries as the hook stores them, set aside; one commit will hand them all over. */
async function makeDeliveries(ground: Ground, url: string, what: Deliveries): Promise<void> {
  const keyring = createKeyring(ground.masterKey);
  const { endpoint, adapter, count } = what;
  const rows = Array.from({ length: count }, (_, n) => {
    const delivery = what.delivery(n);
    const dedupe = sha256(endpoint, '\0', delivery.body);
    return { id: newId(), endpoint, adapter, dedupe, sealed: keyring.encrypt(packDelivery(delivery), 'envelope') };
  });
  await withClient(url, async (client) => {
    for (let from = 0; from < count; from += 200)
      await insertEnvelopes(client as unknown as pg.Pool, rows.slice(from, from + 200));
    await client.query('create table bench_delivery as select id, endpoint, adapter, dedupe, sealed from envelope');
    await client.query('truncate envelope');
    await client.query('vacuum analyze');
  });
}

/** `made` is filled with the rows that came out. */
async function runHub(ground: Ground, { endpoint, count, each }: Deliveries, made?: Rows[]): Promise<number> {
  const url = await freshDatabase(ground, NAME, BASE);
  const worker = await startKanal(ground, 'worker', url);
  try {
    return await withWake(url, (wake) =>
      withClient(url, async (client) => {
        await settle(client);
        await client.query(
          'insert into envelope (id, endpoint, adapter, dedupe, sealed) select * from bench_delivery order by id',
        );
        const began = performance.now();
        await wake('intake', endpoint);
        const ms = await waitUntil(async () => !(await isWaiting(client, endpoint)), began);
        const complaints = await countOf(client, 'complaint');
        if (complaints !== count * each) throw new VoidFigure(`${complaints} complaints of ${count} deliveries`);
        for (const [table, order] of made ? TABLES : []) made?.push(await readRows(client, table, order));
        return (complaints / ms) * 1_000;
      }),
    );
  } finally {
    await worker.stop();
  }
}

async function isWaiting(client: pg.Client, endpoint: string): Promise<boolean> {
  const { rows } = await client.query<{ waiting: boolean }>(
    `select exists (select 1 from envelope where endpoint = '${endpoint}' and outcome = 'waiting')
      or exists (select 1 from source_item where outcome = 'waiting') as waiting`,
  );
  return rows[0]!.waiting;
}

/** The same rows, in transactions of 100, over one connection: nothing is read, decrypted, understood or decided. */
async function runInserts(ground: Ground, count: number, made: readonly Rows[]): Promise<number> {
  const url = await freshDatabase(ground, NAME, BASE);
  return withClient(url, async (client) => {
    await settle(client);
    const began = performance.now();
    for (let from = 0; from < count; from += BATCH) {
      await client.query('begin');
      for (const rows of made) await insertSlice(client, rows, from, from + BATCH);
      await client.query('commit');
    }
    const ms = performance.now() - began;
    if ((await countOf(client, 'complaint')) !== count) throw new VoidFigure(`not ${count} complaints`);
    return (count / ms) * 1_000;
  });
}
