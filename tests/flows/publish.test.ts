import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, startApp } from '../../simulators/app/index.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { createPublisher } from '../../src/flows/publish/index.ts';
import { settleAll } from '../../src/flows/publish/settle.ts';
import { bringReports, publicationOf, queueAnswers } from '../helpers/answers.ts';
import { application, names, settingsFor } from '../helpers/application.ts';
import { eventually } from '../helpers/eventually.ts';
import { delivery, message, SIGNING_SECRET, type TestHub, testHub, webhookChannel } from '../helpers/hub.ts';

describe('on its own', () => {
  let app: App;
  let hub: TestHub;
  beforeEach(async () => {
    app = await application('native');
    hub = await testHub({ channel: { settings: settingsFor(app, 'native') } });
  });
  afterEach(async () => {
    await hub.close();
    await app.close();
  });

  it('tries again, without doubt, when nothing listens there; a person is asked in the end', async () => {
    await app.close();
    const [complaint] = await bringReports(hub, names(1));
    const [id] = await queueAnswers(hub, [complaint!]);
    const publisher = createPublisher(hub.deps);
    for (let attempt = 1; attempt <= 5; attempt++) {
      await publisher.drain('lapor');
      const row = await publicationOf(hub, id!);
      expect(row).toMatchObject({ state: 'queued', reason: 'unreachable', attempt, needs_person: attempt === 5 });
      await hub.deps.db.updateTable('publication').set({ next_at: new Date() }).execute();
    }
    expect((await publicationOf(hub, id!)).explanation).toContain('kirim ulang');
    expect(await hub.deps.db.selectFrom('channel_state').select('health').executeTakeFirst()).toBeUndefined();
  });

  it('publishes nothing of a sensitive complaint', async () => {
    const [complaint] = await bringReports(hub, names(1));
    await hub.deps.db.updateTable('complaint').set({ sensitive: true }).execute();
    const [id] = await queueAnswers(hub, [complaint!]);
    await createPublisher(hub.deps).drain('lapor');
    expect(await publicationOf(hub, id!)).toMatchObject({ state: 'queued', attempt: 0 });
    expect(app.replies().requests).toBe(0);
  });

  it('takes an echo with our key for the proof of an uncertain publication', async () => {
    const [complaint] = await bringReports(hub, ['echo-1']);
    const [id] = await queueAnswers(hub, [complaint!]);
    await hub.deps.db
      .updateTable('publication')
      .set({ state: 'uncertain', attempt: 1, uncertain_at: new Date(), needs_person: true })
      .execute();
    const echo = message('reply-77', { threadId: 'echo-1', fromUs: true, author: undefined, publicationKey: id });
    await hub.hooks.receive('lapor', delivery(echo));
    await drainIntake(hub.deps, 'lapor');
    await drainNormalise(hub.deps, 'lapor');
    expect(await publicationOf(hub, id!)).toMatchObject({
      state: 'published',
      published_id: 'reply-77',
      needs_person: false,
    });
    const out = await hub.deps.db.selectFrom('message').selectAll().where('direction', '=', 'out').execute();
    expect(out).toMatchObject([{ publication_id: id, outside_hub: false }]);
  });

  it('does not take an echo for an answer given outside the hub while our reply is on its way', async () => {
    const [complaint] = await bringReports(hub, ['echo-2']);
    const [id] = await queueAnswers(hub, [complaint!]);
    await hub.deps.db
      .updateTable('publication')
      .set({ state: 'sending', attempt: 1, lease_until: new Date(Date.now() + 9e4) })
      .execute();
    const echo = message('reply-78', { threadId: 'echo-2', fromUs: true, author: undefined });
    await hub.hooks.receive('lapor', delivery(echo));
    await drainIntake(hub.deps, 'lapor');
    await drainNormalise(hub.deps, 'lapor');
    const out = () => hub.deps.db.selectFrom('message').selectAll().where('direction', '=', 'out').execute();
    expect(await out()).toEqual([]);
    const after = { state: 'published', published: { publishedId: 'reply-78' } } as const;
    const publication = { id: id!, attempt: 1, parts: null };
    await hub.deps.db.transaction().execute((tx) => settleAll(tx, 'sending', [{ publication, after }], new Date()));
    await drainNormalise(hub.deps, 'lapor');
    expect(await out()).toMatchObject([{ publication_id: id, outside_hub: false }]);
    const items = await hub.deps.db
      .selectFrom('source_item')
      .select('outcome')
      .where('outcome', '=', 'pending')
      .execute();
    expect(items).toEqual([]);
  });

  it('pauses a channel whose credentials are dead and goes on by itself when they live again', async () => {
    await hub.close();
    const channel = webhookChannel({ settings: settingsFor(app, 'native') });
    hub = await testHub({ channels: [channel] });
    await hub.work();
    const complaints = await bringReports(hub, names(2));
    const strict = await startApp({ token: 'another-token', signingSecret: SIGNING_SECRET });
    Object.assign(channel.settings as object, { baseUrl: strict.url });
    const ids = await queueAnswers(hub, complaints);
    await eventually(async () => {
      const state = await hub.deps.db.selectFrom('channel_state').selectAll().executeTakeFirstOrThrow();
      expect(state.health).toBe('authNeeded');
      expect(state.publish_not_before).not.toBeNull();
    });
    await eventually(async () => {
      for (const id of ids) expect((await publicationOf(hub, id)).state).toBe('queued');
    });
    Object.assign(channel.settings as object, { baseUrl: app.url });
    await hub.deps.db.updateTable('channel_state').set({ publish_not_before: null }).execute();
    await hub.deps.db.updateTable('publication').set({ next_at: new Date() }).execute();
    await eventually(async () => {
      for (const id of ids) expect((await publicationOf(hub, id)).state).toBe('published');
      const { health } = await hub.deps.db.selectFrom('channel_state').select('health').executeTakeFirstOrThrow();
      expect(health).toBe('ok');
    });
    await strict.close();
  });
});
