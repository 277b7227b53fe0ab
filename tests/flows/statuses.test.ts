import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../../simulators/app/index.ts';
import { drainTriage } from '../../src/flows/triage.ts';
import { addToOutbox, changeComplaint } from '../../src/store/complaints.ts';
import { bringReports, queueAnswers } from '../helpers/answers.ts';
import { application, names, settingsFor } from '../helpers/application.ts';
import { eventually } from '../helpers/eventually.ts';
import { delivery, message, type TestHub, testHub } from '../helpers/hub.ts';

let app: App;
let hub: TestHub;
beforeAll(async () => {
  app = await application('native');
  const publish = { concurrency: 4, receipts: false, statuses: true };
  hub = await testHub({ channel: { publish, settings: settingsFor(app, 'native') } });
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
    .map((one) => `${one.route} ${one.text}`);

const move = (complaintId: string, ...states: ('in_progress' | 'awaiting_approval' | 'closed')[]) =>
  hub.deps.db.transaction().execute(async (tx) => {
    for (const state of states) {
      await changeComplaint(tx, complaintId, { state });
      await addToOutbox(tx, complaintId, 'status', new Date());
    }
  });

it('tells the source each change of state once, in order, the answer before its status', async () => {
  const [objectId] = names(1);
  const [complaint] = await bringReports(hub, [objectId!]);
  await move(complaint!, 'in_progress', 'awaiting_approval');
  await eventually(() => expect(told(objectId!)).toHaveLength(1));
  await queueAnswers(hub, [complaint!], 'Sudah beres.');
  await eventually(() => expect(told(objectId!)).toHaveLength(3));
  await move(complaint!, 'closed');
  await eventually(() => expect(told(objectId!)).toHaveLength(4));
  expect(told(objectId!)).toEqual([
    '/statuses Diproses',
    '/replies Sudah beres.',
    '/statuses Ditanggapi',
    '/statuses Selesai',
  ]);
});

it('tells nobody about a public comment or a sensitive complaint', async () => {
  await hub.hooks.receive('lapor', delivery({ items: [message('s-pub', { surface: 'comment' }), message('s-sens')] }));
  const rows = await eventually(async () => {
    const found = await hub.deps.db
      .selectFrom('message')
      .selectAll()
      .where('object_id', 'in', ['s-pub', 's-sens'])
      .execute();
    expect(found).toHaveLength(2);
    return found;
  });
  const idOf = (objectId: string) => rows.find((row) => row.object_id === objectId)!.complaint_id;
  await changeComplaintSensitive(idOf('s-sens'));
  await move(idOf('s-pub'), 'closed');
  await move(idOf('s-sens'), 'closed');
  await drainTriage(hub.deps);
  const publications = await hub.deps.db
    .selectFrom('publication')
    .select('id')
    .where('complaint_id', 'in', [idOf('s-pub'), idOf('s-sens')])
    .execute();
  expect(publications).toEqual([]);
});

const changeComplaintSensitive = (id: string) =>
  hub.deps.db.updateTable('complaint').set({ sensitive: true }).where('id', '=', id).execute();
