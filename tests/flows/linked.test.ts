import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../../simulators/app/index.ts';
import type { Actor } from '../../src/core/access.ts';
import { saveDraft } from '../../src/flows/desk/drafts.ts';
import { suggestDuplicates } from '../../src/flows/desk/duplicates.ts';
import { merge } from '../../src/flows/desk/merge.ts';
import { step } from '../../src/flows/desk/steps.ts';
import { bringReports } from '../helpers/answers.ts';
import { application, names, settingsFor } from '../helpers/application.ts';
import { eventually } from '../helpers/eventually.ts';
import { delivery, message, type TestHub, testHub } from '../helpers/hub.ts';
import { seedUser } from '../helpers/register.ts';

let app: App;
let hub: TestHub;
let officer: Actor;
beforeAll(async () => {
  app = await application('native');
  const publish = { concurrency: 4, receipts: true, statuses: true };
  hub = await testHub({
    channel: { publish, settings: settingsFor(app, 'native') },
    policies: { receipt: { enabled: true, text: 'Nomor {ticketNo}' } },
  });
  officer = await seedUser(hub.deps.db, { role: 'central_admin' });
  await hub.work();
});
afterAll(async () => {
  await hub.close();
  await app.close();
});

const told = (objectId: string) =>
  app
    .replies()
    .landed.filter((one) => one.objectId === objectId)
    .map((one) => one.text);
const complaintOf = (objectId: string) =>
  eventually(() =>
    hub.deps.db
      .selectFrom('message')
      .innerJoin('complaint', 'complaint.id', 'message.complaint_id')
      .select(['complaint.id', 'complaint.ticket_no', 'complaint.reaction_pending', 'complaint.state'])
      .where('object_id', '=', objectId)
      .executeTakeFirstOrThrow(),
  );

it('each of two linked reporters gets a receipt, every status and the answer; what one writes later is seen', async () => {
  const [mine, theirs] = names(2) as [string, string];
  const [parent, child] = (await bringReports(hub, [mine, theirs])) as [string, string];
  const tickets = [await complaintOf(mine), await complaintOf(theirs)].map((one) => `Nomor ${one.ticket_no}`);
  await eventually(() => expect([told(mine), told(theirs)]).toEqual(tickets.map((one) => [one])));
  await merge(hub.deps, officer, child, parent, 'Jalan yang sama');
  await eventually(() => expect(told(theirs)).toEqual([tickets[1], 'Digabung']));
  await step(hub.deps, officer, parent, 'start');
  await eventually(() => expect([told(mine).at(-1), told(theirs).at(-1)]).toEqual(['Diproses', 'Diproses']));
  await saveDraft(hub.deps, officer, parent, { text: 'Sudah ditambal.', toAll: true, submit: true });
  await eventually(() => {
    expect(told(mine)).toEqual([tickets[0], 'Diproses', 'Sudah ditambal.', 'Ditanggapi']);
    expect(told(theirs).toSorted()).toEqual(
      [tickets[1], 'Digabung', 'Diproses', 'Sudah ditambal.', 'Ditanggapi'].sort(),
    );
  });
  const late = message(`${theirs}-b`, {
    threadId: theirs,
    author: { id: `warga-${theirs}` },
    text: 'Masih ada lubang',
  });
  await hub.hooks.receive('lapor', delivery(late));
  expect(await complaintOf(`${theirs}-b`)).toMatchObject({ id: parent, state: 'answered', reaction_pending: true });
});

it('what a reporter writes whose linked complaint is on hold stays there', async () => {
  const [mine, theirs] = names(2) as [string, string];
  const [parent, child] = (await bringReports(hub, [mine, theirs])) as [string, string];
  await merge(hub.deps, officer, child, parent, 'Sama');
  await step(hub.deps, officer, child, 'hold');
  await hub.hooks.receive('lapor', delivery(message(`${theirs}-b`, { threadId: theirs, text: 'Namanya Pak X' })));
  expect(await complaintOf(`${theirs}-b`)).toMatchObject({ id: child, reaction_pending: true });
});

it('a telephone number or an address tells who wrote elsewhere, however it is written', async () => {
  const [first, second, third] = names(3) as [string, string, string];
  const from = (id: string, about: object, text: string) =>
    message(id, { author: { id: `akun-${id}`, ...about }, text });
  await hub.hooks.receive(
    'lapor',
    delivery({
      items: [
        from(first, { phone: '0812 2611-1000', email: 'Wati@contoh.example' }, 'Wabah belalang'),
        from(second, { phone: '+6281226111000' }, 'Jaringan seluler hilang'),
        from(third, { email: 'wati@contoh.example ' }, 'Quran braille habis'),
      ],
    }),
  );
  const [mine, ...others] = await Promise.all([first, second, third].map(complaintOf));
  await eventually(async () => {
    const found = await suggestDuplicates(hub.deps, officer, mine!.id);
    expect(found.map(({ row }) => row.id).sort()).toEqual(others.map(({ id }) => id).sort());
    expect(found.map(({ reasons }) => reasons)).toEqual(
      others.map(() => [{ code: 'reporter', label: 'pelapor sama' }]),
    );
  });
});
