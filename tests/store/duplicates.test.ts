import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { newId } from '../../src/store/database.ts';
import { alikeTo } from '../../src/store/duplicates.ts';
import { countRepeats, refreshLikeness } from '../../src/store/likeness.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { seedComplaint, seedUser } from '../helpers/register.ts';

/** `KANAL_TEST_COMPLAINTS=50000` tells how long a look-up takes among as many. */
const MANY = Number(process.env.KANAL_TEST_COMPLAINTS ?? 3_000);
const AT = new Date('2026-11-20T03:00:00Z');

let database: TestDatabase;
let admin: Actor;
beforeAll(async () => {
  database = await testDatabase();
  admin = await seedUser(database.db, { role: 'central_admin' });
  await crowd();
}, 300_000);
afterAll(() => database.close());

/** Complaints as people write them: the same words and places again and again, over a year. */
async function crowd(): Promise<void> {
  const words = (list: string[], by: number) =>
    sql`(array[${sql.join(list)}]::text[])[1 + (n * ${by} / 7) % ${list.length}]`;
  const greeting = words(
    ['Assalamualaikum pak bupati mohon', 'Min, tolong', 'Lapor,', 'Yth. dinas terkait, kami warga minta'],
    3,
  );
  const thing = words(
    ['jalan rusak parah', 'lampu jalan padam', 'sampah menumpuk', 'saluran air mampet', 'antrean puskesmas lama',
      'KTP belum jadi', 'jembatan retak', 'pohon tumbang', 'air PDAM keruh', 'pasar becek'],
    11,
  ); // biome-ignore format: one glance
  const place = words(['depan SDN', 'dekat balai desa', 'samping pasar', 'di perempatan', 'arah terminal'], 5);
  const village = words(
    ['Karangsari', 'Tanjungsari', 'Wonokriyo', 'Kutowinangun', 'Pejagoan', 'Sruweng', 'Ayah', 'Alian'],
    13,
  );
  await sql`insert into complaint (id, state, channel_id, adapter, surface, public, thread_id, thread_hash, body,
      received_at, last_activity_at, location)
    select gen_random_uuid(), 'received', 'web', 'webhook', 'report', false, 't' || n, sha256(convert_to('t' || n, 'UTF8')),
      ${greeting} || ' ' || ${thing} || ' ' || ${place} || ' ' || ${village} || ' nomor ' || n || ', sudah ' || n % 40
        || ' hari belum ada tindak lanjut. ' || md5(n::text) || ' ' || md5((n * 7)::text),
      ${AT}::timestamptz - (n % 365) * interval '1 day', ${AT}::timestamptz - (n % 365) * interval '1 day',
      jsonb_build_object('lat', -7.9 + (n % 700) / 1000.0, 'lon', 109.3 + (n % 900) / 1000.0)
    from generate_series(1, ${MANY}) n`.execute(database.db);
  const ids = await database.db.selectFrom('complaint').select('id').execute();
  await database.db.transaction().execute((tx) =>
    refreshLikeness(
      tx,
      ids.map(({ id }) => id),
    ),
  );
  await sql`analyze complaint, likeness`.execute(database.db);
}

async function complaint(seed: Parameters<typeof seedComplaint>[1]): Promise<string> {
  const { id } = await seedComplaint(database.db, { at: AT, ...seed });
  await database.db.transaction().execute((tx) => refreshLikeness(tx, [id]));
  return id;
}

const found = async (id: string, actor = admin) =>
  (await alikeTo(database.db, actor, id, 'named')).map((row) => row.id);

it('finds what is alike in words by the index of trigrams', async () => {
  const text = 'Tiang telepon miring hampir roboh di gang Mawar belakang masjid Al Huda';
  const mine = await complaint({ text });
  const other = await complaint({
    text: 'tiang telepon miring mau roboh, gang mawar belakang masjid al huda',
    channel_id: 'fb',
  });
  const old = await complaint({ text, at: new Date('2026-07-01T03:00:00Z') });
  const rows = await alikeTo(database.db, admin, mine, 'named');
  expect(rows.map((row) => row.id)).toContain(other);
  expect(rows.map((row) => row.id)).not.toContain(old);
  expect(rows.find((row) => row.id === other)!.similarity).toBeGreaterThan(0.6);
  const { words, week } = await database.db
    .selectFrom('likeness')
    .select(['words', 'week'])
    .where('complaint_id', '=', mine)
    .executeTakeFirstOrThrow();
  const plan = await database.db.transaction().execute(async (tx) => {
    // Few rows are read through as quickly; among many the planner takes the index by itself.
    if (MANY < 20_000) await sql`set local enable_seqscan = off`.execute(tx);
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain analyze select l.complaint_id from likeness l
      where l.words % ${sql.lit(words)} and l.week between ${sql.lit(week - 7)} and ${sql.lit(week + 7)}`.execute(tx);
    return rows;
  });
  const told = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(told).toContain('likeness_words');
  if (process.env.KANAL_TEST_COMPLAINTS) await report(told, mine);
});

/** The figures for docs/performance.md. */
async function report(plan: string, id: string): Promise<void> {
  const common = await complaint({
    text: 'Assalamualaikum pak bupati mohon jalan rusak parah depan SDN Karangsari, sudah 3 hari belum ada tindak lanjut.',
    location: { lat: -7.6, lon: 109.6 },
  });
  for (const one of [id, common]) {
    const times: number[] = [];
    for (let turn = 0; turn < 9; turn++) {
      const start = performance.now();
      await alikeTo(database.db, admin, one, 'named');
      times.push(performance.now() - start);
    }
    process.stdout.write(`${MANY} complaints: median ${times.sort((a, b) => a - b)[4]!.toFixed(1)} ms\n`);
  }
  process.stdout.write(`${plan}\n`);
}

it('finds what lies close by, however it is told', async () => {
  const at = (lat: number, lon: number) => ({ location: { lat, lon } }) as Parameters<typeof seedComplaint>[1];
  const mine = await complaint({ text: 'Aspal terkelupas', ...at(-5.5, 108.5) });
  const near = await complaint({ text: 'Ban saya pecah kena lubang', ...at(-5.503, 108.502) });
  const far = await complaint({ text: 'Gorong-gorong ambles', ...at(-5.52, 108.5) });
  expect(await found(mine)).toEqual([near]);
  expect(await found(far)).toEqual([]);
});

it('finds the same person on another channel by number or address, and never an anonymous one', async () => {
  const [a, b] = [newId(), newId()];
  const blind = Buffer.from('sama'.repeat(8));
  await database.db
    .insertInto('reporter')
    .values([
      { id: a, contact: null },
      { id: b, contact: null },
    ])
    .execute();
  await database.db
    .insertInto('reporter_contact')
    .values([
      { blind, reporter_id: a },
      { blind, reporter_id: b },
    ])
    .execute();
  const mine = await complaint({ text: 'Wastafel', reporter_id: a });
  const again = await complaint({ text: 'Xylofon', reporter_id: a });
  const elsewhere = await complaint({ text: 'Quran braille', reporter_id: b, channel_id: 'fb' });
  const anonymous = await complaint({ text: 'Vaksinasi', reporter_id: b, anonymous: true });
  expect((await found(mine)).sort()).toEqual([again, elsewhere].sort());
  expect(await alikeTo(database.db, admin, mine, 'nobody')).toEqual([]);
  const everybody = await alikeTo(database.db, admin, mine, 'everybody');
  expect(everybody.map((row) => row.id).sort()).toEqual([again, elsewhere, anonymous].sort());
  expect(everybody.every((row) => row.same_reporter)).toBe(true);
});

it('what somebody may not see does not take the place of what they may', async () => {
  const text = 'Kucing liar berkeliaran di ruang tunggu pendopo';
  const mine = await complaint({ text, agency_id: 'dpupr' });
  for (let n = 0; n < 42; n++) await complaint({ text, agency_id: 'dukcapil' });
  const good = await complaint({ text: `${text} kabupaten`, agency_id: 'dpupr' });
  const agency = await seedUser(database.db, { role: 'agency_admin', agencyId: 'dpupr' });
  expect(await found(mine, agency)).toEqual([good]);
});

it('compares nothing any more with words that were taken back', async () => {
  const gone = () => complaint({ text: '', title: 'Dihapus oleh penulisnya' });
  const [mine] = [await gone(), await gone()];
  expect(await found(mine!)).toEqual([]);
});

it('leaves out what is on hold, dismissed, linked, found different, or not theirs to see', async () => {
  const text = 'Kambing lepas masuk kebun jagung warga Dusun Bulu';
  const mine = await complaint({ text, agency_id: 'dpupr' });
  const good = await complaint({ text, agency_id: 'dpupr' });
  await complaint({ text, agency_id: 'dpupr', sensitive: true });
  await complaint({ text, agency_id: 'dpupr', state: 'not_complaint' });
  await complaint({ text, agency_id: 'dpupr', state: 'duplicate', merged_into: mine });
  const foreign = await complaint({ text, agency_id: 'dukcapil' });
  const agency = await seedUser(database.db, { role: 'agency_admin', agencyId: 'dpupr' });
  expect(await found(mine, agency)).toEqual([good]);
  expect((await found(mine)).sort()).toEqual([good, foreign].sort());
});

it('counts how often the same was said: by anybody, by one author, within the span, whatever case and spaces', async () => {
  const [author, stranger] = [newId(), newId()];
  await database.db
    .insertInto('reporter')
    .values([author, stranger].map((id) => ({ id, contact: null })))
    .execute();
  const hour = (n: number) => new Date(AT.getTime() + n * 3_600_000);
  const by = (reporter_id: string) => ({ surface: 'comment' as const, reporter_id });
  await complaint({ text: 'Pinjol  CEPAT cair', at: hour(-30), ...by(author) });
  await complaint({ text: 'pinjol cepat\ncair', at: hour(-3), ...by(author) });
  await complaint({ text: 'Pinjol cepat cair', at: hour(-2), ...by(stranger) });
  const last = await complaint({ text: 'Pinjol cepat cair', at: hour(0), ...by(author) });
  const empty = await complaint({ text: '', at: hour(0), ...by(author) });
  const count = async (who: 'author' | 'anyone', hours: number, times = 10) => {
    const asked = { times, within: hours * 3_600_000, by: who };
    return database.db.transaction().execute((tx) => countRepeats(tx, [last, empty], asked));
  };
  expect(await count('anyone', 24)).toEqual(new Map([[last, 3]]));
  expect(await count('author', 24)).toEqual(new Map([[last, 2]]));
  expect(await count('author', 48)).toEqual(new Map([[last, 3]]));
  expect(await count('anyone', 48, 2)).toEqual(new Map([[last, 2]]));
});
