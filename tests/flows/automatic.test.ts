import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { drainTriage } from '../../src/flows/triage.ts';
import { delivery, message, type TestHub, testHub } from '../helpers/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  const receipt = { enabled: true, text: 'Diterima dengan nomor {ticketNo}.' };
  hub = await testHub({ policies: { receipt } });
});
afterAll(() => hub.close());

async function bring(items: unknown[]): Promise<void> {
  await hub.hooks.receive('lapor', delivery({ items }));
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
}

let count = 0;
const mailFrom = (email: string, about = {}) =>
  message(`mail-${++count}`, { surface: 'mail', author: { id: email.toLowerCase(), email }, ...about });

/** How many receipts were made for complaints of these mails. */
async function receiptsOf(items: { objectId?: unknown }[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int n from publication p
    join message m on m.complaint_id = p.complaint_id where p.kind = 'receipt'
    and m.object_id = any(${items.map((one) => String(one.objectId))})`.execute(hub.deps.db);
  return rows[0]?.n ?? 0;
}

const anHourLater = () => sql`update automatic_mail set last_at = last_at - interval '61 minutes'`.execute(hub.deps.db);

describe('receipts by mail', () => {
  it('go to one address once an hour, however it is written, in one batch or in several', async () => {
    const first = [mailFrom('robot@a.example'), mailFrom('Robot@A.example'), mailFrom('siti@a.example')];
    await bring(first);
    await drainTriage(hub.deps);
    const second = [mailFrom('robot@a.example')];
    await bring(second);
    await drainTriage(hub.deps);
    expect(await receiptsOf(first)).toBe(2);
    expect(await receiptsOf(second)).toBe(0);
    const withheld = await hub.deps.db.selectFrom('event').selectAll().where('type', '=', 'receipt.withheld').execute();
    expect(withheld.map((event) => event.data)).toEqual([{ reason: 'recent' }, { reason: 'recent' }]);
    await anHourLater();
    const third = [mailFrom('robot@a.example')];
    await bring(third);
    await drainTriage(hub.deps);
    expect(await receiptsOf(third)).toBe(1);
  });

  it('go out once, too, when two workers sort the same address at once', async () => {
    const items = Array.from({ length: 240 }, (_, number) => mailFrom(`ramai-${number % 6}@a.example`));
    await bring(items);
    await Promise.all([drainTriage(hub.deps), drainTriage(hub.deps), drainTriage(hub.deps)]);
    expect(await receiptsOf(items)).toBe(6);
  });

  it('answer where the citizen wants answers: that address counts', async () => {
    const about = { author: { id: 'a@a.example', email: 'sama@a.example' } };
    const items = [mailFrom('x', about), mailFrom('y', { author: { ...about.author, id: 'b@a.example' } })];
    await bring(items);
    await drainTriage(hub.deps);
    expect(await receiptsOf(items)).toBe(1);
  });

  it('go to no machine, and do not use up the turn of its address', async () => {
    const robot = mailFrom('cuti@a.example', { automated: true });
    await bring([robot]);
    await drainTriage(hub.deps);
    expect(await receiptsOf([robot])).toBe(0);
    const person = mailFrom('cuti@a.example');
    await bring([person]);
    await drainTriage(hub.deps);
    expect(await receiptsOf([person])).toBe(1);
  });
});

it('receipts where no machine answers are not held back', async () => {
  const items = [1, 2, 3].map((n) => message(`report-${n}`, { author: { id: 'warga-sama', name: 'Siti' } }));
  await bring(items);
  await drainTriage(hub.deps);
  expect(await receiptsOf(items)).toBe(3);
});
