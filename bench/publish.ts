import type pg from 'pg';
import { createKeyring } from '../src/platform/keyring.ts';
import { type Helper, startHelper, startKanal } from './lib/child.ts';
import { CHANNEL, writeConfig } from './lib/config.ts';
import { type Figure, type Measured, ratioFigure, VoidFigure } from './lib/figure.ts';
import { countOf, dropDatabases, freshDatabase, type Ground, settle, withClient } from './lib/ground.ts';
import { alternate, waitUntil } from './lib/rounds.ts';
import { withWake } from './lib/wake.ts';

const BASE = 'bench_publish_base';
const NAME = 'bench_publish';
const CONCURRENCY = 16;
const ABOUT: Measured = {
  ...{ bench: 'b-publish', what: 'replies published to a no-op receiver; limit: a bare loop, same commits and call' },
  ...{ unit: 'replies/s', floor: 0.6, goal: 0.8 },
};

/** (b) N queued replies until all are published, in a database of its own each time. */
export async function publish(ground: Ground): Promise<Figure[]> {
  const receiver = startHelper('receiver.ts');
  try {
    const { url } = await receiver.ask<{ url: string }>('listen');
    await writeConfig(ground, url);
    const count = ground.quick ? 200 : 4_000;
    await makeComplaints(ground, count);
    const measure = { ground, receiver, receiverUrl: url, count };
    const rates = await alternate(ground, { hub: () => runHub(measure), loop: () => runLoop(measure) });
    return [ratioFigure(ABOUT, rates.hub, rates.loop, ground)];
  } finally {
    await receiver.stop();
    await dropDatabases(ground, [NAME, BASE]);
  }
}

interface Measure {
  ground: Ground;
  receiver: Helper;
  receiverUrl: string;
  count: number;
}

/** Complaints in work, each with the citizen's message: what an answer goes to. */
async function makeComplaints(ground: Ground, count: number): Promise<void> {
  const url = await freshDatabase(ground, BASE);
  const author = createKeyring(ground.masterKey).encryptJson({ id: 'warga', name: 'Siti Aminah' }, 'author');
  await withClient(url, async (client) => {
    await client.query(
      `insert into complaint (id, ticket_no, state, channel_id, adapter, surface, public, thread_id, thread_hash, title,
        body, agency_id, opening_message_id, received_at, last_activity_at, triaged_at, search)
      select uuidv7(), 'T-' || n, 'in_progress', $2, 'webhook', 'report', false, 'lap-' || n,
        sha256(('lap-' || n)::bytea), 'Jalan rusak', 'Jalan di depan pasar rusak', 'opd-01', uuidv7(), now(), now(),
        now(), to_tsvector('indonesian', 'Jalan di depan pasar rusak') from generate_series(1, $1::int) n`,
      [count, CHANNEL],
    );
    await client.query(
      `insert into message (id, complaint_id, channel_id, object_id, object_hash, thread_id, direction, surface, text,
        author_sealed, at, version_at, received_at)
      select opening_message_id, id, channel_id, thread_id, thread_hash, thread_id, 'in', surface, body, $1,
        received_at, received_at, received_at from complaint`,
      [author],
    );
    await client.query('vacuum analyze');
  });
}

/** One commit puts all of them into the queue, as if that many approvals had come at once. */
async function queueReplies(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into publication (id, complaint_id, channel_id, kind, target_hash, target, text)
    select uuidv7(), complaint_id, channel_id, 'answer', object_hash, jsonb_build_object('messageId', id,
      'objectId', object_id, 'threadId', thread_id, 'surface', surface),
      'Terima kasih atas laporannya. Lubang di depan pasar sudah kami tambal pada hari Senin.' from message returning id`,
  );
  return rows.map((row) => row.id);
}

async function runHub(measure: Measure): Promise<number> {
  const url = await freshDatabase(measure.ground, NAME, BASE);
  const worker = await startKanal(measure.ground, 'worker', url);
  try {
    return await withWake(url, (wake) =>
      timed(measure, url, async (client, began) => {
        await wake('publish', CHANNEL);
        return waitUntil(async () => (await stillOpen(client)) === 0, began);
      }),
    );
  } finally {
    await worker.stop();
  }
}

async function runLoop(measure: Measure): Promise<number> {
  const url = await freshDatabase(measure.ground, NAME, BASE);
  const loop = startHelper('publishLoop.ts');
  try {
    await loop.ask({ open: { databaseUrl: url, receiver: measure.receiverUrl, concurrency: CONCURRENCY } });
    return await timed(measure, url, async (_client, began, ids) => {
      await loop.ask({ run: { ids } });
      return performance.now() - began;
    });
  } finally {
    await loop.stop();
  }
}

type Work = (client: pg.Client, began: number, ids: string[]) => Promise<number>;

async function timed({ receiver, count }: Measure, url: string, work: Work): Promise<number> {
  return withClient(url, async (client) => {
    const { received: before } = await receiver.ask<{ received: number }>('count');
    await settle(client);
    const ids = await queueReplies(client);
    const ms = await work(client, performance.now(), ids);
    const { received } = await receiver.ask<{ received: number }>('count');
    if (received - before !== count) throw new VoidFigure(`the receiver got ${received - before} of ${count} replies`);
    for (const rows of ["publication where state = 'published'", "message where direction = 'out'"])
      if ((await countOf(client, rows)) !== count) throw new VoidFigure(`not ${count} rows in ${rows}`);
    return (count / ms) * 1_000;
  });
}

const stillOpen = (client: pg.Client): Promise<number> =>
  countOf(client, `(select 1 from publication where state in ('queued','sending','uncertain') limit 1) as open`);
