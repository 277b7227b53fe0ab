import { describe, expect, it } from 'vitest';
import type { EndpointContext } from '#contract';
import { receive, signature } from '../../../adapters/_meta/webhook.ts';

const SECRET = 'contract-sheet-secret-01';
/** Byte for byte: the backslashes stand in the body. */
const ESCAPED = Buffer.from(
  String.raw`{"object":"page","entry":[{"id":"104000000000001","time":1795400000,"changes":[{"field":"feed","value":{"item":"comment","verb":"add","message":"\u0645\u0631\u062d\u0628\u0627 1\/2"}}]}]}`,
);
const HEX = '7491eddfca9bc647af7669705687c128ace689224009425ff37cf5064d0692ac';

function endpoint(secrets: string[], verifyToken = 'rahasia-verifikasi'): EndpointContext<never> {
  const refs = secrets.map((_, number) => `\${S${number}}`);
  const values = new Map([...refs.map((ref, number) => [ref, secrets[number]!] as const), ['${V}', verifyToken]]);
  const settings = receive.settings.parse({ secrets: refs, verifyToken: '${V}' });
  const context = { settings, secret: async (ref: string) => values.get(ref) ?? '', now: () => new Date(0) };
  return context as unknown as EndpointContext<never>;
}
const verify = (body: Uint8Array, header: string | undefined, secrets = [SECRET]) =>
  receive.verify(
    { body, headers: header === undefined ? {} : { 'x-hub-signature-256': header }, query: {} },
    endpoint(secrets),
  );

describe('signatures', () => {
  it('are made over the bytes as they came, escapes included', async () => {
    expect(ESCAPED).toHaveLength(187);
    expect(signature(SECRET, ESCAPED)).toBe(`sha256=${HEX}`);
    expect(await verify(ESCAPED, `sha256=${HEX}`)).toEqual({ ok: true });
  });

  it('do not fit the same JSON written again', async () => {
    const again = Buffer.from(JSON.stringify(JSON.parse(ESCAPED.toString())));
    expect(again).toHaveLength(166);
    expect(signature(SECRET, again)).toBe('sha256=66db2eb9c03de709f0c08876140fe8d82fd4f54b0b6b986415d803dbcb3e2f5b');
    expect(await verify(again, `sha256=${HEX}`)).toMatchObject({ ok: false });
  });

  it('of WhatsApp are the same', () => {
    const body = Buffer.from('{"object":"whatsapp_business_account","entry":[]}');
    expect(signature(SECRET, body)).toBe('sha256=3367902df2fbcc07ddb2660bd33a192b3510f494961451543c87f5e8b08386e7');
  });

  it('may be made with either of two secrets', async () => {
    expect(await verify(ESCAPED, `sha256=${HEX}`, ['another-secret', SECRET])).toEqual({ ok: true });
    expect(await verify(ESCAPED, `sha256=${HEX}`, ['another-secret'])).toMatchObject({ ok: false });
  });

  it.each([undefined, '', 'sha256=', HEX, `sha1=${HEX}`, `sha256=${HEX.toUpperCase()}`, `sha256=${HEX}0`])(
    'like "%s" are refused',
    async (header) => {
      expect(await verify(ESCAPED, header)).toMatchObject({
        ok: false,
        reason: 'X-Hub-Signature-256 is missing or malformed',
      });
    },
  );
});

describe('the handshake', () => {
  const ask = (query: Record<string, string>, body = new Uint8Array()) =>
    receive.handshake({ body, headers: {}, query }, endpoint([SECRET]));
  const good = { 'hub.mode': 'subscribe', 'hub.verify_token': 'rahasia-verifikasi', 'hub.challenge': '1158201444' };

  it('gives the challenge back as it came, as plain text', async () => {
    const answer = { status: 200, contentType: 'text/plain; charset=utf-8', body: '1158201444' };
    expect(await ask(good)).toEqual(answer);
    expect(await ask({ ...good, 'hub.challenge': '00012' })).toMatchObject({ body: '00012' });
  });

  it('refuses another token, and is not for deliveries', async () => {
    expect(await ask({ ...good, 'hub.verify_token': 'rahasia-verifikasI' })).toMatchObject({ status: 403 });
    expect(await ask({ ...good, 'hub.verify_token': '' })).toMatchObject({ status: 403 });
    expect(await ask({ 'hub.mode': 'subscribe' })).toBeNull();
    expect(await ask(good, Buffer.from('{}'))).toBeNull();
  });
});
