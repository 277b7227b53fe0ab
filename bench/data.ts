import type pg from 'pg';
import { createKeyring } from '../src/platform/keyring.ts';
import { AGENCIES, agencyId, CHANNELS } from './lib/config.ts';
import { countOf, type Ground, prepare, withClient } from './lib/ground.ts';
import { vocabulary } from './lib/words.ts';

const CHUNK = 50_000;
/** Raise it when what is generated changes: data of an older shape is then refused. */
const SHAPE = 1;

/** Makes the register of a large district in the database that stays, once. Gives back how many complaints it holds. */
export async function ensureData(ground: Ground, count: number): Promise<number> {
  await prepare(ground.url);
  return withClient(ground.url, async (client) => {
    await client.query('create table if not exists bench_data (shape int, count int)');
    const { rows } = await client.query<{ shape: number; count: number }>('select shape, count from bench_data');
    if (rows[0]?.shape === SHAPE && rows[0].count === count) return count;
    if (!rows[0] && (await countOf(client, 'complaint')) > 0)
      throw new Error(`${ground.dir} holds complaints that no benchmark made; name another folder with --data`);
    // Noted before anything is made: what was interrupted is made anew.
    await client.query('delete from bench_data');
    await client.query('insert into bench_data values ($1, 0)', [SHAPE]);
    await client.query('truncate complaint, message, publication cascade');
    ground.say(`  making ${count} complaints, once; this takes some minutes`);
    await generate(ground, client, count);
    await client.query('update bench_data set count = $1', [count]);
    return count;
  });
}

async function generate(ground: Ground, client: pg.Client, count: number): Promise<void> {
  await client.query('set synchronous_commit = off');
  await client.query(`set work_mem = '64MB'`);
  await client.query(`set maintenance_work_mem = '512MB'`);
  await client.query('select setseed(0.42)');
  await client.query('create temp table word as select * from unnest($1::text[]) with ordinality as w(word, rank)', [
    vocabulary(),
  ]);
  await client.query('create unique index on word (rank) include (word)');
  await client.query('analyze word');
  const author = createKeyring(ground.masterKey).encryptJson({ id: 'warga', name: 'Siti Aminah' }, 'author');
  // Built once over everything rather than row by row.
  await client.query('drop index if exists complaint_search');
  for (let from = 1; from <= count; from += CHUNK) {
    await client.query(COMPLAINTS, [from, Math.min(count, from + CHUNK - 1), count]);
    ground.say(`  ${Math.min(count, from + CHUNK - 1)} complaints`);
  }
  await client.query('create index complaint_search on complaint using gin (agency_id, search)');
  await client.query(MESSAGES, [author]);
  await client.query(PUBLICATIONS);
  await client.query('vacuum analyze');
  await client.query('checkpoint');
}

/**
 * 25 words a complaint, the n-th word 1/n as often as the first (Zipf), as in any language. Agencies are unequal: the
 * largest has 7 % of all complaints. Three years; nine of ten are closed; one of two hundred is sensitive.
 */
const COMPLAINTS = `
  insert into complaint (id, ticket_no, state, channel_id, adapter, surface, public, thread_id, thread_hash, title, body,
    category, agency_id, unit_id, sensitive, opening_message_id, received_at, recorded_at, last_activity_at, triaged_at,
    answered_at, search)
  select uuidv7(), case when state = 'new' then null else 'T-' || n end, state, 'kanal-' || lpad(channel::text, 2, '0'),
    'webhook', surface, surface = 'comment', 'thread-' || n, sha256(('thread-' || n)::bytea), left(body, 60), body,
    'kategori-' || (n % 20), agency, case when n % 3 = 0 then agency || '-a' end, n % 200 = 0, uuidv7(), at, at, at, at,
    case when state in ('answered', 'closed') then at + interval '2 days' end, to_tsvector('indonesian', body)
  from (
    select n, 1 + (n % 1000 * 7919) % ${CHANNELS} as channel,
      'opd-' || lpad((1 + floor(${AGENCIES} * power(random(), 1.5)))::int::text, 2, '0') as agency,
      case when n % 10 = 0 then (array['new','received','in_progress','answered'])[1 + n / 10 % 4] else 'closed' end as state,
      case when n % 4 = 0 then 'comment' else 'report' end as surface,
      timestamptz '2026-11-20 00:00+07' - random() * interval '3 years' as at,
      (select string_agg(w.word, ' ')
        from (select floor(power((select count(*) from word)::float8, random()))::int as rank
          from generate_series(1, 25 + n * 0)) as pick
        join word w using (rank)) as body
    from generate_series($1::int, $2::int) n where $3::int > 0
  ) made`;

const MESSAGES = `
  insert into message (id, complaint_id, channel_id, object_id, object_hash, thread_id, direction, surface, text,
    author_sealed, at, version_at, received_at)
  select opening_message_id, id, channel_id, thread_id, thread_hash, thread_id, 'in', surface, body, $1,
    received_at, received_at, received_at from complaint`;

const PUBLICATIONS = `
  insert into publication (id, complaint_id, channel_id, kind, target_hash, target, text, state, attempt, published_at)
  select uuidv7(), id, channel_id, 'answer', thread_hash, jsonb_build_object('messageId', opening_message_id,
    'objectId', thread_id, 'threadId', thread_id, 'surface', surface), 'Sudah kami tindak lanjuti.', 'published', 1,
    answered_at from complaint where answered_at is not null`;

export const LARGEST = agencyId(1);
/** One of ordinary size. */
export const MIDDLE = agencyId(25);
