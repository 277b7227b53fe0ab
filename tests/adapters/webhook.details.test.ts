import { expect, test } from 'vitest';
import type { RawItem } from '#contract';
import webhook from '../../adapters/webhook/index.ts';
import { onBench } from '../kit/context.ts';
import { reply } from '../kit/samples.ts';
import { webhookHarness } from './webhook.harness.ts';

const deliver = (value: unknown) =>
  webhook.receive!.unpack({ body: Buffer.from(JSON.stringify(value)), headers: {}, query: {} }) as RawItem[];
const status = { type: 'status', objectId: 's-1', at: '2026-11-24T01:00:00Z', code: 'read' };
const idempotent = (idempotency: string) => ({
  ...webhookHarness,
  settings: (origin: string) => ({ ...webhookHarness.settings(origin), idempotency }),
});

test('one bare item, and a batch whose account stands outside', () => {
  expect(deliver({ account: 'a', ...status })).toMatchObject([{ account: 'a' }]);
  const batch = deliver({ account: 'a', items: [status, { account: 'b', ...status }, 7, null, 'teks'] });
  expect(batch.map((one) => one.account)).toEqual(['a', 'b', 'a', 'a', 'a']);
  expect(JSON.parse(String(batch[0]!.raw))).toEqual(status);
});

test('a delivery that is no JSON is refused as a whole', () => {
  expect(() => webhook.receive!.unpack({ body: Buffer.from('{"items":['), headers: {}, query: {} })).toThrow();
});

test('two statuses and an edit at the same instant are three events', () => {
  const message = { type: 'message', objectId: 's-1', at: status.at };
  const all = deliver({ items: [status, { ...status, code: 'done' }, message, { ...message, edited: true }] });
  expect(new Set(all.map((one) => one.key)).size).toBe(4);
});

test('a long id makes a short key, and NUL in an id none that cannot be stored', () => {
  const [long, nul] = deliver({
    items: [
      { ...status, objectId: 'x'.repeat(900) },
      { ...status, objectId: 'a\u0000\ud800' },
    ],
  });
  expect(long!.key).toMatch(/^[0-9a-f]{64}$/);
  expect(nul!.key).toMatch(/^[\x20-\x7e]+$/);
});

test('an unreadable item says what is wrong and quotes nothing', async () => {
  const error = await Promise.resolve()
    .then(() => webhook.normalise('{"type":"message","text":"rahasia"}', {} as never))
    .catch((caught: Error) => caught.message);
  expect(error).toContain('objectId');
  expect(error).not.toContain('rahasia');
});

test('a page that says "more" and does not move is an error, not an endless walk', () =>
  onBench(webhook, webhookHarness, async ({ ctx, wire }) => {
    wire.steer(() => ({ status: 200, body: { items: [], next: '5', more: true } }));
    await expect(webhook.poll!.page('5', ctx)).rejects.toMatchObject({ kind: 'retry' });
    expect(await webhook.poll!.page('4', ctx)).toMatchObject({ next: '5', more: true });
  }));

test('the channel asks for its own account', () =>
  onBench(webhook, webhookHarness, async ({ ctx, wire }) => {
    await webhook.poll!.page('3', ctx);
    expect(Object.fromEntries(wire.requests[0]!.query)).toEqual({ account: 'laporan', after: '3', limit: '200' });
  }));

test.each([
  ['native', { publishedId: 'r-1' }],
  ['lookup', null],
  ['none', null],
] as const)('409 with an id under %s', (idempotency, published) =>
  onBench(webhook, idempotent(idempotency), async ({ ctx, wire }) => {
    wire.steer(() => ({ status: 409, body: { id: 'r-1' } }));
    const sent = webhook.publish!.send(reply(), ctx);
    if (published) expect(await sent).toEqual(published);
    else await expect(sent).rejects.toMatchObject({ kind: 'retry', nothingSent: false });
  }),
);

test('an id may be a number, and a permalink that is no address does not undo it', () =>
  onBench(webhook, webhookHarness, async ({ ctx, wire }) => {
    wire.steer(() => ({ status: 200, body: { id: 41, permalink: 'tidak ada' } }));
    expect(await webhook.publish!.send(reply(), ctx)).toEqual({ publishedId: '41' });
  }));

test('look-ups: 404 is absent; entries without our key are unknown', () =>
  onBench(webhook, webhookHarness, async ({ ctx, wire }) => {
    wire.steer(() => ({ status: 404, body: '' }));
    expect(await webhook.reconcile!(reply(), ctx)).toBe('absent');
    wire.steer(() => ({ status: 200, body: { items: [{ id: 'r-9', key: 'kit-key-10', text: reply().text }] } }));
    expect(await webhook.reconcile!(reply(), ctx)).toBe('unknown');
  }));

test('the channel decides how doubtful sends are settled; native without a word', () => {
  const given = webhookHarness.settings('http://127.0.0.1:9');
  expect(webhook.settings.parse(given)).toMatchObject({ idempotency: 'native', baseUrl: 'http://127.0.0.1:9/api' });
  expect(webhook.settings.safeParse({ ...given, idempotency: 'maybe' }).success).toBe(false);
  expect(webhook.settings.safeParse({ ...given, baseUrl: 'file:///etc/passwd' }).success).toBe(false);
});

test('a challenge is answered only when it is plain and alone', async () => {
  const ask = (challenge: string, body = '') =>
    webhook.receive!.handshake!({ body: Buffer.from(body), headers: {}, query: { challenge } }, {} as never);
  expect(await ask('abc-123')).toMatchObject({
    status: 200,
    body: 'abc-123',
    contentType: 'text/plain; charset=utf-8',
  });
  expect(await ask('<script>')).toBeNull();
  expect(await ask('abc', '{"items":[]}')).toBeNull();
});
