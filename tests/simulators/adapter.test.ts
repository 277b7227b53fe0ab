import { afterEach, expect, test } from 'vitest';
import type { ChannelContext } from '#contract';
import webhook from '../../adapters/webhook/index.ts';
import { feed } from '../../simulators/app/feed.ts';
import { type App, type AppOptions, startApp } from '../../simulators/app/index.ts';
import { kitTokens } from '../kit/context.ts';
import { kitHttp } from '../kit/http.ts';
import { forwarding, reply, statusChange } from '../kit/samples.ts';

const TOKEN = 'app-test-token';
const SIGNING = `whsec_${Buffer.from('app-test-secret-0123456789abcdef').toString('base64')}`;
const apps: App[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function started(options: Partial<AppOptions> = {}): Promise<{ app: App; ctx: ChannelContext<unknown> }> {
  const app = await startApp({ token: TOKEN, signingSecret: SIGNING, ...options });
  apps.push(app);
  const secrets: Record<string, string> = { '${TOKEN}': TOKEN, '${SIGNING}': SIGNING };
  const given = { baseUrl: app.url, token: '${TOKEN}', signingSecret: '${SIGNING}' };
  const { signal } = new AbortController();
  const note = () => {};
  const ctx: ChannelContext<unknown> = {
    channel: { id: 'lapor', account: 'komentar' },
    settings: webhook.settings.parse({ ...given, idempotency: options.idempotency }),
    secret: async (ref) => secrets[ref] ?? '',
    now: () => new Date(),
    signal,
    http: kitHttp(app.url, signal),
    store: { get: async () => undefined, update: async (_, change) => change(undefined) },
    tokens: kitTokens,
    log: { debug: note, info: note, warn: note, error: note },
  };
  return { app, ctx };
}

test('the webhook adapter reads everything the application has', async () => {
  const { app, ctx } = await started();
  await feed(app);
  const { items } = await webhook.poll!.page(null, ctx);
  const read = items.map((one) => webhook.normalise(one.raw, { ...ctx, receivedAt: new Date() }));
  expect(read).toEqual(app.store.changes('komentar', 0, 1_000));
});

test('replies, statuses and reports land with their signature, once', async () => {
  const { app, ctx } = await started();
  await feed(app);
  const target = { objectId: 'lap-1', threadId: 'lap-1', surface: 'report' as const };
  const { publishedId, permalink } = await webhook.publish!.send(reply({ target }), ctx);
  await webhook.pushStatus!({ ...statusChange(), target }, ctx);
  await webhook.forward!(forwarding(), ctx);
  expect(app.replies().landed.map((one) => one.route)).toEqual(['/replies', '/statuses', '/reports']);
  expect(app.replies().landed[0]).toMatchObject({ id: publishedId, objectId: 'lap-1' });
  const page = await (await fetch(permalink!)).text();
  expect(page).toContain(`id="${publishedId}"`);
});

test.each(['native', 'lookup'] as const)(
  '%s: what hung up after accepting is found, and nothing doubles',
  async (idempotency) => {
    const { app, ctx } = await started({ idempotency, faults: [{ do: 'hangup', times: 1 }] });
    expect(await webhook.reconcile!(reply(), ctx)).toBe('absent');
    await expect(webhook.publish!.send(reply(), ctx)).rejects.toMatchObject({ kind: 'retry', nothingSent: false });
    const landed = app.replies().landed[0]!;
    expect(await webhook.reconcile!(reply(), ctx)).toMatchObject({ found: { publishedId: landed.id } });
    if (idempotency === 'native') await webhook.publish!.send(reply({ attempt: 2 }), ctx);
    expect(app.replies()).toMatchObject({ doubled: [], keys: 1 });
    expect(app.replies().landed).toHaveLength(1);
  },
);

test('none: a look-up says unknown, so a person decides', async () => {
  const { ctx } = await started({ idempotency: 'none' });
  expect(await webhook.reconcile!(reply(), ctx)).toBe('unknown');
});
