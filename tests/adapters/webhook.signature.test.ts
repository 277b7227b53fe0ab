import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import type { Delivery, EndpointContext } from '#contract';
import webhook from '../../adapters/webhook/index.ts';
import { KIT_NOW, onBench } from '../kit/context.ts';
import { file, reply } from '../kit/samples.ts';
import { sign, webhookHarness } from './webhook.harness.ts';

const body = Buffer.from('{"items":[]}');
const at = (seconds: number): Date => new Date(KIT_NOW.getTime() + seconds * 1_000);
const secretOf = (text: string): string => `whsec_${Buffer.from(text.padEnd(24, '.')).toString('base64')}`;

function verdict(delivery: Delivery, secrets: Record<string, string>, tolerance?: string) {
  const settings = webhook.receive!.settings.parse({
    secrets: Object.keys(secrets).map((name) => `\${${name}}`),
    tolerance,
  });
  const ctx = { settings, secret: async (ref: string) => secrets[ref.slice(2, -1)], now: () => KIT_NOW };
  return webhook.receive!.verify(delivery, ctx as unknown as EndpointContext<unknown>);
}

const OLD = secretOf('the old one');
const NEW = secretOf('the new one');

test.each([
  [299, true],
  [-299, true],
  [301, false],
  [-301, false],
])('a delivery %i s apart from our clock: accepted is %s', async (seconds, ok) => {
  expect(await verdict(sign(body, at(seconds), 'm', NEW), { NEW })).toMatchObject({ ok });
});

test('the tolerance is a setting', async () => {
  expect(await verdict(sign(body, at(20), 'm', NEW), { NEW }, '10s')).toMatchObject({ ok: false });
});

test('while a secret is replaced both are accepted, and a third is not', async () => {
  for (const secret of [OLD, NEW])
    expect(await verdict(sign(body, KIT_NOW, 'm', secret), { OLD, NEW })).toEqual({ ok: true });
  expect(await verdict(sign(body, KIT_NOW, 'm', secretOf('a third')), { OLD, NEW })).toMatchObject({ ok: false });
});

test('of several signatures one must match, and only v1 counts', async () => {
  const delivery = sign(body, KIT_NOW, 'm', NEW);
  const signature = delivery.headers['webhook-signature']!;
  const headed = (value: string) => ({ ...delivery, headers: { ...delivery.headers, 'webhook-signature': value } });
  expect(await verdict(headed(`v1a,AAAA v1,AAAA ${signature}`), { NEW })).toEqual({ ok: true });
  expect(await verdict(headed(signature.replace('v1,', 'v2,')), { NEW })).toMatchObject({ ok: false });
});

test('id and time are signed too', async () => {
  const delivery = sign(body, KIT_NOW, 'm', NEW);
  for (const [name, value] of [
    ['webhook-id', 'n'],
    ['webhook-timestamp', String(KIT_NOW.getTime() / 1_000 + 1)],
  ] as const)
    expect(await verdict({ ...delivery, headers: { ...delivery.headers, [name]: value } }, { NEW })).toMatchObject({
      ok: false,
    });
});

test.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'bukan base64'])(
  'the secret "%s" is too short to trust and says so',
  async (secret) => {
    await expect(verdict(sign(body, KIT_NOW, 'm', NEW), { NEW: secret })).rejects.toThrow(
      'at least 24 bytes in base64',
    );
  },
);

test('replies carry key, token, and a signature that the library verifies', async () => {
  await onBench(webhook, webhookHarness, async ({ ctx, wire, state }) => {
    const secret = webhookHarness.secrets.KIT_SIGNING!;
    await webhook.publish!.send(reply({ files: [file] }), { ...ctx, now: () => new Date() });
    const { body: sent, headers } = wire.requests[0]!;
    expect(new Webhook(secret).verify(sent, headers)).toEqual({
      key: 'kit-key-1',
      kind: 'answer',
      objectId: 'kit-1',
      threadId: 'kit-1',
      ticketNo: 'K7M-4QD-X2P',
      text: reply().text,
      files: [{ name: 'bukti.png', mime: 'image/png', base64: Buffer.from(await file.bytes()).toString('base64') }],
    });
    expect(headers).toMatchObject({ 'idempotency-key': 'kit-key-1', 'content-type': 'application/json' });
    expect(state.landed).toHaveLength(1);
  });
});
