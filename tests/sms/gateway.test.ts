import { afterEach, expect, test } from 'vitest';
import { queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { complaintsOf, publicationsOf, type SmsWorld, settled, smsWorld } from './world.ts';

let world: SmsWorld;
afterEach(() => world.close());

const phone = (n: number): string => `+62812000${String(1_000 + n)}`;

/** Citizens write, and each of them has a complaint. */
async function complained(count: number): Promise<string[]> {
  const { hub, gateway } = world;
  for (let n = 0; n < count; n++) gateway.world.write(phone(n), `Lampu jalan mati di gang ${n} “baru”`);
  return eventually(async () => {
    const rows = await complaintsOf(hub);
    expect(rows.map((row) => row.thread_id).sort()).toEqual(Array.from({ length: count }, (_, n) => phone(n)).sort());
    return rows.map((row) => row.id);
  }, 20_000);
}

test('40 answers under every fault reach each phone once, and the deliveries make one complaint of each SMS', async () => {
  world = await smsWorld({
    gateway: { manners: { twice: true, badlySigned: true, duplicates: true, reports: 'late' } },
  });
  const { hub, gateway } = world;
  await hub.work();
  const ids = await complained(40);
  // The look-up is believed once it can find a message that surely was taken.
  const begun = await queueAnswers(hub, ids.slice(0, 1), 'Sudah kami tangani — terima kasih.');
  await settled(hub);
  gateway.setFaults([
    // The first that meets a call counts: the rare ones stand first.
    { do: 'error', on: '/sms$', ratio: 0.11, landed: false },
    { do: 'throttle', on: '/sms$', ratio: 0.13, reads: true },
    { do: 'noId', on: '/sms$', ratio: 0.17 },
    { do: 'error', on: '/sms$', ratio: 0.23 },
    { do: 'hangup', on: '/sms$', ratio: 0.4 },
    { do: 'delay', on: '/', ms: 10, reads: true },
  ]);
  const queued = [...begun, ...(await queueAnswers(hub, ids.slice(1), 'Sudah kami tangani — terima kasih.'))];
  await settled(hub);
  gateway.setFaults([]);
  await gateway.delivered();
  const attempts = await hub.deps.db.selectFrom('publication_attempt').select('attempt').execute();
  expect(attempts.length).toBeGreaterThan(40);
  const { went, doubled } = gateway.published();
  expect(doubled).toEqual([]);
  expect(went.map((one) => one.to).sort()).toEqual(Array.from({ length: 40 }, (_, n) => phone(n)).sort());
  expect(new Set(went.map((one) => one.text))).toEqual(new Set(['Sudah kami tangani - terima kasih.']));
  const rows = await eventually(async () => {
    const all = await publicationsOf(hub);
    expect(all.filter((row) => (row.receipt as { state: string } | null)?.state === 'delivered')).toHaveLength(40);
    return all;
  });
  expect(rows.map((row) => row.id).sort()).toEqual(queued.sort());
  expect(rows.every((row) => row.state === 'published')).toBe(true);
  expect(rows.map((row) => row.published_id).sort()).toEqual(went.map((one) => one.id).sort());
  // What was approved is kept as it was approved.
  expect(new Set(rows.map((row) => row.text))).toEqual(new Set(['Sudah kami tangani — terima kasih.']));
  expect(await complaintsOf(hub)).toHaveLength(40);
});

test('a gateway that cannot be asked: what is in doubt waits for a person and is never sent again; its report settles it', async () => {
  world = await smsWorld({ lookup: false, gateway: { manners: { reports: 'none' } } });
  const { hub, gateway } = world;
  await hub.work();
  const ids = await complained(4);
  gateway.setFaults([{ do: 'hangup', on: '/sms$' }]);
  await queueAnswers(hub, ids);
  await settled(hub);
  expect((await publicationsOf(hub)).map(({ state, needs_person }) => [state, needs_person])).toEqual(
    Array.from({ length: 4 }, () => ['uncertain', true]),
  );
  expect(gateway.published()).toMatchObject({ doubled: [], went: { length: 4 } });
  const [first, second] = gateway.world.went;
  gateway.world.settle(first!, 'DELIVRD');
  gateway.world.settle(second!, 'UNDELIV');
  await eventually(async () => {
    const rows = new Map((await publicationsOf(hub)).map((row) => [row.id, row]));
    expect(rows.get(first!.reference)).toMatchObject({ state: 'published', receipt: { state: 'delivered' } });
    expect(rows.get(second!.reference)).toMatchObject({ state: 'published', receipt: { state: 'failed' } });
    expect([...rows.values()].filter((row) => row.state === 'uncertain')).toHaveLength(2);
  });
});

test('a failed delivery, an advert, and a second SMS of a citizen', async () => {
  world = await smsWorld({ gateway: { manners: { reports: 'failed' } } });
  const { hub, gateway } = world;
  await hub.work();
  const [id] = await complained(1);
  await queueAnswers(hub, [id!]);
  await settled(hub);
  await eventually(async () => {
    const [row] = await publicationsOf(hub);
    expect(row).toMatchObject({ state: 'published', receipt: { state: 'failed' } });
  });
  gateway.world.write('TSEL', 'Paket murah');
  gateway.world.write(phone(0), 'Belum juga nyala min');
  await eventually(async () => {
    const messages = await hub.deps.db.selectFrom('message').selectAll().where('direction', '=', 'in').execute();
    expect(messages.map((row) => row.thread_id).sort()).toEqual([phone(0), phone(0), 'TSEL'].sort());
  });
});
