import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AnyAdapter, ChannelError } from '#contract';
import { moderate } from '../../src/flows/desk/moderate.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { testAdapters, testDesk } from '../helpers/desk.ts';
import { seedComplaint, seedUser } from '../helpers/register.ts';
import { refused, trailOf } from './helper.ts';

let database: TestDatabase;
let deps: ReturnType<typeof testDesk> & { secrets: { get(): Promise<string> }; scrub(text: string): string };
const asked: unknown[] = [];
let failure: Error | null = null;

beforeAll(async () => {
  database = await testDatabase();
  deps = { ...testDesk(database.db), secrets: { get: async () => 'x' }, scrub: (text) => text.replace('rahasia', '*') };
  const social: AnyAdapter = {
    ...testAdapters.social!,
    moderate: async (action, target) => {
      asked.push([action, target.objectId]);
      if (failure) throw failure;
    },
  };
  deps.adapters = { ...testAdapters, social };
});
afterAll(() => database.close());

const comment = () =>
  seedComplaint(database.db, { agency_id: 'dpupr', channel_id: 'fb', adapter: 'social', surface: 'comment' });
const officer = () => seedUser(database.db, { role: 'complaint_team', agencyId: 'dpupr' });

it('hides and shows again, and the trail says who wanted it and that it was done', async () => {
  const { id, messageId } = await comment();
  const person = await officer();
  await moderate(deps, person, messageId, { action: 'hide', reason: 'Memuat nomor telepon' });
  await moderate(deps, person, messageId, { action: 'unhide' });
  expect(asked.splice(0)).toEqual([
    ['hide', `object-${messageId}`],
    ['unhide', `object-${messageId}`],
  ]);
  const events = ['message.moderation_asked', 'message.hidden', 'message.moderation_asked', 'message.unhidden'];
  expect(await trailOf(database.db, id)).toEqual(events);
});

it('says what the platform said, and that it failed', async () => {
  const { id, messageId } = await comment();
  failure = new ChannelError('refused', 'Tidak boleh (rahasia)', { reason: 'forbidden', code: '200' });
  const refusal = await refused(moderate(deps, await officer(), messageId, { action: 'hide' }), 'platform_failed');
  failure = null;
  expect(refusal.message).toBe('Tidak boleh (*)');
  expect(await trailOf(database.db, id)).toEqual(['message.moderation_asked', 'message.moderation_failed']);
});

it('is for those who may publish, and for what stands in public on a channel that can do it', async () => {
  const { messageId } = await comment();
  const staff = await seedUser(database.db, { role: 'unit_staff', agencyId: 'dpupr' });
  await refused(moderate(deps, staff, messageId, { action: 'hide' }), 'forbidden');
  const stranger = await seedUser(database.db, { role: 'complaint_team', agencyId: 'dukcapil' });
  await refused(moderate(deps, stranger, messageId, { action: 'hide' }), 'not_found');
  asked.length = 0;
  const quiet = await seedComplaint(database.db, {
    agency_id: 'dpupr',
    channel_id: 'fb',
    adapter: 'social',
    surface: 'message',
  });
  await refused(moderate(deps, await officer(), quiet.messageId, { action: 'hide' }), 'cannot_moderate');
  const other = await seedComplaint(database.db, { agency_id: 'dpupr', surface: 'comment' });
  await refused(moderate(deps, await officer(), other.messageId, { action: 'hide' }), 'cannot_moderate');
  expect(asked).toEqual([]);
});
