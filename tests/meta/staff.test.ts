import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { saveDraft } from '../../src/flows/desk/drafts.ts';
import { markRead } from '../../src/flows/desk/markRead.ts';
import { setNotices } from '../../src/flows/desk/users.ts';
import { sendStaffNotices } from '../../src/flows/staffNotices.ts';
import { NO_CONTACTS } from '../helpers/hub.ts';
import { seedComplaint, seedUser } from '../helpers/register.ts';
import { type MetaHub, metaHub, phoneOptions, whatsappChannel } from './world.ts';

const templates = [
  { name: 'aduan_baru', body: 'Ada {{1}} aduan baru, terbaru {{2}}.' },
  { name: 'menunggu', body: '{{1}} jawaban menunggu persetujuan Anda, terbaru {{2}}.' },
];
const notice = (name: string) => ({ name, language: 'id', parameters: ['count', 'ticketNo'] });

let world: MetaHub;
beforeAll(async () => {
  world = await metaHub({
    meta: { phones: [{ ...phoneOptions, templates }] },
    channels: (url) => [
      whatsappChannel(url, { noticeTemplates: { new: notice('aduan_baru'), approval: notice('menunggu') } }),
    ],
    hub: {
      policies: { notices: { channel: 'wa', every: 0 } },
      hub: {
        agencies: [
          {
            ...{
              id: 'dpupr',
              name: 'Dinas PUPR',
              units: [],
              contacts: NO_CONTACTS,
              intake: { required: [] },
              letter: {},
            },
            approval: { required: true, by: ['agency_head'] },
          },
        ],
      },
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.meta.setFaults([]);
  await world.hub.deps.db.deleteFrom('notice_choice').execute();
});

const PHONE = '+628125550';
let n = 0;
/** A member of staff with a number of their own, told of these from now on. */
async function staff(kinds: ('new' | 'approval')[], role = { role: 'agency_head', agencyId: 'dpupr' }) {
  n += 1;
  const phone = `${PHONE}${String(n).padStart(4, '0')}`;
  const actor = await seedUser(world.hub.deps.db, role as never);
  await setNotices(world.hub.deps, actor.userId, { phone, kinds });
  const told = () => world.meta.world.landed.filter((one) => one.target === phone.slice(1)).map((one) => one.text);
  return { actor, told };
}
const complaint = (about = {}) =>
  seedComplaint(world.hub.deps.db, {
    ...{ channel_id: 'wa', adapter: 'whatsapp', surface: 'message', agency_id: 'dpupr', triaged_at: new Date() },
    ...{ thread_id: `wa:62812${++n}`, text: 'Saya Siti Aminah, jalan rusak' },
    ...about,
  });
const run = () => sendStaffNotices(world.hub.deps);

it('one message tells how many are new, once, and names no reporter', async () => {
  const head = await staff(['new']);
  const elsewhere = await staff(['new'], { role: 'agency_head', agencyId: 'dinkes' });
  await complaint();
  const newest = await complaint();
  await Promise.all([run(), run()]);
  await run();
  expect(head.told()).toEqual([`Ada 2 aduan baru, terbaru ${newest.ticketNo}.`]);
  expect(elsewhere.told()).toEqual([]);
  expect(JSON.stringify(world.meta.world.landed)).not.toContain('Siti');
});

it('nobody hears of what is on the sensitive hold', async () => {
  const head = await staff(['new']);
  await complaint({ sensitive: true, sensitive_by: null });
  await run();
  expect(head.told()).toEqual([]);
});

it('an answer that waits is told to whoever may approve it, and not to its author', async () => {
  const head = await staff(['approval']);
  const author = await staff(['approval'], { role: 'complaint_team', agencyId: 'dpupr' });
  const { id, ticketNo } = await complaint();
  await saveDraft(world.hub.deps, author.actor, id, { text: 'Kami tambal Senin.' });
  await run();
  expect(head.told()).toEqual([`1 jawaban menunggu persetujuan Anda, terbaru ${ticketNo}.`]);
  expect(author.told()).toEqual([]);
});

it('what surely was not sent is told later; what may have been is not told twice', async () => {
  const head = await staff(['new']);
  await complaint();
  world.meta.setFaults([{ do: 'throttle', on: '/messages$', times: 1 }]);
  await run();
  expect(head.told()).toEqual([]);
  await world.hub.deps.db.updateTable('channel_state').set({ publish_not_before: null }).execute();
  await run();
  expect(head.told()).toHaveLength(1);
  await complaint();
  world.meta.setFaults([{ do: 'hangup', on: '/messages$', landed: true, times: 1 }]);
  await run();
  await run();
  expect(head.told()).toHaveLength(2);
});

it('ends when it is switched off', async () => {
  const head = await staff(['new']);
  await setNotices(world.hub.deps, head.actor.userId, { phone: null, kinds: [] });
  await complaint();
  await run();
  expect(head.told()).toEqual([]);
});

it('a message is marked as read only when somebody asks for it', async () => {
  const officer = await seedUser(world.hub.deps.db, { role: 'central_admin' });
  const seeded = await complaint();
  await markRead(world.hub.deps, officer, seeded.messageId);
  const trail = await world.hub.deps.db
    .selectFrom('event')
    .select('type')
    .where('complaint_id', '=', seeded.id)
    .execute();
  expect(trail.map((one) => one.type)).toEqual(['message.marked_read']);
  const webhook = await complaint({ channel_id: 'tidak-ada' });
  await expect(markRead(world.hub.deps, officer, webhook.messageId)).rejects.toMatchObject({
    code: 'cannot_mark_read',
  });
});
