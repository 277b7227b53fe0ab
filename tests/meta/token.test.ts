import { afterAll, beforeAll, expect, it } from 'vitest';
import { secretContext } from '../../src/platform/secrets.ts';
import { writeSecret } from '../../src/store/secrets.ts';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { channelState, messageWith } from './helper.ts';
import { serveHook } from './hook.ts';
import { facebookChannel, LINA, type MetaHub, metaHub, PAGE, pageOptions } from './world.ts';

const OTHER = '104000000000002';
const ADVICE = /190\/463.*Token kedaluwarsa\. Buat token baru\. Simpan dengan: kanal secret set FB_TOKEN$/;
let world: MetaHub;
let hook: Awaited<ReturnType<typeof serveHook>>;
beforeAll(async () => {
  world = await metaHub({
    meta: { pages: [pageOptions, { ...pageOptions, id: OTHER, token: 'EAAGsimPageToken02' }] },
    channels: (url) => [
      facebookChannel(url),
      facebookChannel(url, { id: 'fb2', account: OTHER }, { token: '${FB_TOKEN_2}' }),
    ],
  });
  Object.assign(world.secrets, { FB_TOKEN_2: 'EAAGsimPageToken02' });
  hook = await serveHook(world.hub);
  world.meta.deliverTo(hook.url);
  await world.hub.work();
});
afterAll(async () => {
  await world.close();
  await hook.close();
});

const notices = async (channel: string) => {
  const { db } = world.hub.deps;
  const rows = await db
    .selectFrom('event')
    .selectAll()
    .where('actor', '=', `channel:${channel}`)
    .where('complaint_id', 'is', null)
    // Alarms of the same trouble are raised beside these, at the watchman's pace.
    .where('type', 'like', 'channel.%')
    .orderBy('seq')
    .execute();
  const reasons = await db.selectFrom('event_reason').selectAll().execute();
  return rows.map(({ id, type }) => ({ type, reason: reasons.find((one) => one.event_id === id)?.text ?? null }));
};

async function queueOn(page: string, text: string): Promise<string> {
  const { citizens } = world.meta;
  const comment = citizens.comment(citizens.ownPost(page, 'Kiriman'), LINA, text);
  const message = await messageWith(world, comment.text);
  return (await queueAnswers(world.hub, [message.complaint_id], `Jawaban ${text}`))[0]!;
}

it('a dead token pauses its account only, says so once with what to do, and a new one lets everything go on', async () => {
  const { meta, hub } = world;
  await eventually(async () => expect((await channelState(world, 'fb')).cared_at).not.toBeNull());
  meta.access.kill(PAGE, 463);
  const waiting = [await queueOn(PAGE, 'satu'), await queueOn(PAGE, 'dua')];
  const other = await queueOn(OTHER, 'tiga');
  await eventually(async () => expect((await publicationOf(hub, other)).state).toBe('published'));
  await eventually(async () => expect((await channelState(world, 'fb')).health).toBe('authNeeded'));
  const dead = await channelState(world, 'fb');
  expect(dead.health_reason).toMatch(ADVICE);
  expect((await channelState(world, 'fb2')).health).toBe('ok');
  // However often it is tried meanwhile.
  for (let tries = 0; tries < 3; tries++) {
    await hub.deps.db
      .updateTable('channel_state')
      .set({ publish_not_before: null, cared_at: null })
      .where('channel_id', '=', 'fb')
      .execute();
    await eventually(async () => expect((await channelState(world, 'fb')).cared_at).not.toBeNull());
  }
  // Without its hold each is tried once more, and comes back.
  for (const id of waiting) await eventually(async () => expect((await publicationOf(hub, id)).state).toBe('queued'));
  expect(meta.published().landed.map((one) => one.account)).toEqual([OTHER]);
  expect((await notices('fb')).filter(({ type }) => type === 'channel.auth_needed')).toEqual([
    { type: 'channel.auth_needed', reason: expect.stringMatching(ADVICE) },
  ]);

  // What `kanal secret set FB_TOKEN` does.
  meta.replaceToken(PAGE, 'EAAGsimPageToken09');
  const { db, keyring } = hub.deps;
  await writeSecret(db, 'FB_TOKEN', keyring.encrypt(Buffer.from('EAAGsimPageToken09'), secretContext('FB_TOKEN')));
  // It looks again every 45 s, and a secret is read anew after one: here that time is over each time we look.
  await eventually(async () => {
    const over = new Date(Date.now() - 46_000);
    await db
      .updateTable('channel_state')
      .set({ cared_at: over })
      .where('channel_id', '=', 'fb')
      .where('health', '=', 'authNeeded')
      .execute();
    for (const id of waiting) expect((await publicationOf(hub, id)).state).toBe('published');
  });
  expect((await channelState(world, 'fb')).health).toBe('ok');
  expect((await notices('fb')).map(({ type }) => type)).toEqual(['channel.auth_needed', 'channel.auth_restored']);
  expect(meta.published().doubled).toEqual([]);
});

it.each([458, 459, 460, 464, 467, 492])(
  'subcode %i of a dead token stands in the channel with its own advice',
  async (subcode) => {
    const { meta, hub } = world;
    meta.access.kill(OTHER, subcode);
    await hub.deps.db.updateTable('channel_state').set({ cared_at: null }).where('channel_id', '=', 'fb2').execute();
    await eventually(async () => expect((await channelState(world, 'fb2')).health_reason).toContain(`190/${subcode}`));
    expect((await channelState(world, 'fb2')).health_reason).toContain('kanal secret set FB_TOKEN_2');
  },
);
