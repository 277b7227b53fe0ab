import type pg from 'pg';
import { packDelivery, sha256 } from '../src/core/sealed.ts';
import { createKeyring } from '../src/platform/keyring.ts';
import { newId } from '../src/store/database.ts';
import { insertEnvelopes } from '../src/store/envelopes.ts';
import { startKanal } from './lib/child.ts';
import { ENDPOINT, writeConfig } from './lib/config.ts';
import { insertSlice, type Rows, readRows } from './lib/copy.ts';
import { type Figure, type Measured, ratioFigure, VoidFigure } from './lib/figure.ts';
import { countOf, dropDatabases, freshDatabase, type Ground, settle, withClient } from './lib/ground.ts';
import { report, signedHeaders } from './lib/reports.ts';
import { alternate, waitUntil } from './lib/rounds.ts';
import { withWake } from './lib/wake.ts';

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
const ABOUT: Measured = {
  ...{ bench: 'c-visible', unit: 'deliveries/s', floor: 0.4, goal: 0.6 },
  what: 'deliveries from acknowledged to a committed complaint, which the API reads; limit: bare INSERTs of these rows',
};

/** (c) N acknowledged deliveries wait; the time until each is a complaint that the inbox shows. */
export async function visible(ground: Ground): Promise<Figure[]> {
  await writeConfig(ground);
  const count = ground.quick ? 200 : 30_000;
  try {
    await makeDeliveries(ground, await freshDatabase(ground, BASE), count);
    const made: Rows[] = [];
    // The hub goes first, once, so that there are rows to insert.
    await runHub(ground, count, made);
    const rates = await alternate(ground, {
      hub: () => runHub(ground, count),
      inserts: () => runInserts(ground, count, made),
    });
    return [ratioFigure(ABOUT, rates.hub, rates.inserts, ground)];
  } finally {
    await dropDatabases(ground, [NAME, BASE]);
  }
}

/** Deliveries as the hook stores them, set aside; one commit will hand them all over. */
async function makeDeliveries(ground: Ground, url: string, count: number): Promise<void> {
  const keyring = createKeyring(ground.masterKey);
  const rows = Array.from({ length: count }, (_, n) => {
    const body = report(`lap-${n}`);
    const packed = packDelivery({ body, headers: signedHeaders(`lap-${n}`, body), query: {} });
    const dedupe = sha256(ENDPOINT, '\0', body);
    return { id: newId(), endpoint: ENDPOINT, adapter: 'webhook', dedupe, sealed: keyring.encrypt(packed, 'envelope') };
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
async function runHub(ground: Ground, count: number, made?: Rows[]): Promise<number> {
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
        await wake('intake', ENDPOINT);
        const ms = await waitUntil(async () => !(await isWaiting(client)), began);
        const complaints = await countOf(client, 'complaint');
        if (complaints !== count) throw new VoidFigure(`${complaints} complaints of ${count} deliveries`);
        for (const [table, order] of made ? TABLES : []) made?.push(await readRows(client, table, order));
        return (count / ms) * 1_000;
      }),
    );
  } finally {
    await worker.stop();
  }
}

async function isWaiting(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ waiting: boolean }>(
    `select exists (select 1 from envelope where endpoint = '${ENDPOINT}' and outcome = 'waiting')
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
