import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RawItem } from '#contract';
import sms from '../../../adapters/sms/index.ts';
import { CITIZEN, itemOf, OURS } from './context.ts';

const receive = sms.receive!;
const settings = (more: object = {}) =>
  receive.settings.parse({
    verify: { kind: 'token', secrets: ['${HOOK}'] },
    account: '0811-0000-1234',
    message: { id: 'id', from: 'msisdn', to: 'tujuan', text: 'isi', at: 'waktu' },
    report: { id: 'id', key: 'ref', status: 'status', at: 'waktu', reason: 'sebab' },
    ...more,
  });
const unpack = (body: string, more: object = {}) =>
  receive.unpack({ body: Buffer.from(body), headers: {}, query: {} }, settings(more)) as RawItem[];
const channel = { via: 'gateway', baseUrl: 'http://127.0.0.1:9', send: { path: '/sms', answer: { id: 'id' } } };
const read = (items: RawItem[]) => Promise.all(items.map((one) => itemOf(one.raw, channel)));

describe('what a delivery holds', () => {
  test('a form, with the number as the gateway writes it', async () => {
    const form = 'id=7&msisdn=081255512345&isi=Jalan+rusak+%F0%9F%91%8D%0Atolong&waktu=24-11-2026+08%3A15%3A00';
    const items = unpack(form);
    expect(items).toMatchObject([{ account: OURS, key: 'in:7' }]);
    const item = {
      type: 'message',
      objectId: '7',
      threadId: CITIZEN,
      surface: 'message',
      at: '2026-11-24T01:15:00.000Z',
    };
    expect(await read(items)).toEqual([
      { ...item, author: { id: CITIZEN, phone: CITIZEN }, text: 'Jalan rusak 👍\ntolong' },
    ]);
  });

  test('a list in JSON of SMS and reports, each for its own number; ids beyond 2^53 stay exact', async () => {
    const body = `{"data":{"rows":[
      {"id":7301234567890123456,"msisdn":"6281255512345","tujuan":"6281100005678","isi":"a"},
      {"id":"out-1","ref":"kunci-1","status":"DELIVRD","waktu":"1764000000"},
      {"id":"out-2","status":"UNDELIV","sebab":"nomor mati"},
      {"id":"out-3","status":"MUNGKIN"},
      "bukan apa-apa"]}}`;
    const items = unpack(body, { items: 'data.rows' });
    expect(items.map((one) => one.account)).toEqual(['+6281100005678', OURS, OURS, OURS, OURS]);
    expect(items[0]!.key).toBe('in:7301234567890123456');
    const [message, delivered, failed, unknown] = await read(items.slice(0, 4));
    expect(message).toMatchObject({ objectId: '7301234567890123456', at: '2026-11-24T02:00:00.000Z' });
    expect(delivered).toEqual({
      ...{ type: 'receipt', objectId: 'out-1', state: 'delivered', at: '2025-11-24T16:00:00.000Z' },
      publicationKey: 'kunci-1',
    });
    expect(failed).toMatchObject({ state: 'failed', reason: 'nomor mati' });
    expect(unknown).toBeNull();
    await expect(read([items[4]!])).rejects.toThrow('sender');
  });

  test('each step of one message is an event of its own, and the same report the same one', () => {
    const report = (status: string, waktu: string) => JSON.stringify({ id: 'out-1', status, waktu });
    const key = (body: string) => unpack(body)[0]!.key;
    const all = [report('SENT', '1764000000'), report('DELIVRD', '1764000000'), report('DELIVRD', '1764000005')];
    expect(new Set(all.map(key)).size).toBe(3);
    expect(key(all[0]!)).toBe(key(all[0]!));
  });

  test('words of another gateway, and a field that says what an entry is', async () => {
    const report = { id: 'id', status: 'kode', states: { '3': 'delivered' }, when: { at: 'jenis', is: ['dlr'] } };
    const one = unpack('{"jenis":"dlr","id":"x","kode":3}', { report });
    expect(await read(one)).toMatchObject([{ type: 'receipt', state: 'delivered' }]);
    const other = unpack('{"jenis":"mo","id":"x","kode":3,"msisdn":"081255512345","isi":""}', { report });
    expect(await read(other)).toMatchObject([{ type: 'message', text: '' }]);
  });

  test('without an id, the same SMS is the same event, and another one is not', () => {
    const message = { from: 'msisdn', text: 'isi', at: 'waktu' };
    const key = (isi: string, waktu = '1') =>
      unpack(JSON.stringify({ msisdn: CITIZEN, isi, waktu }), { message })[0]!.key;
    expect(key('a')).toBe(key('a'));
    expect(new Set([key('a'), key('b'), key('a', '2')]).size).toBe(3);
  });

  test('without a text under the name of the file it is put aside whole, and read once the name is right', async () => {
    const entries = ['a', 'b'].map((pesan) => JSON.stringify({ msisdn: CITIZEN, pesan }));
    const items = entries.flatMap((one) => unpack(one, { message: { id: 'id', from: 'msisdn', text: 'isi' } }));
    expect(new Set(items.map((one) => one.key)).size).toBe(2);
    await expect(read(items)).rejects.toThrow('no text');
    const inbox = { path: '/in', message: { id: 'id', from: 'msisdn', text: 'pesan' }, next: 'posisi' };
    expect(await itemOf(items[1]!.raw, { ...channel, inbox })).toMatchObject({ text: 'b', threadId: CITIZEN });
  });

  test('an id of any length fits into a key', () => {
    const key = (id: string) => unpack(JSON.stringify({ id, msisdn: CITIZEN, isi: 'x' }))[0]!.key;
    expect(key(`${'9'.repeat(3_000)}1`)).not.toBe(key(`${'9'.repeat(3_000)}2`));
    expect(key('9'.repeat(3_000)).length).toBeLessThan(500);
  });

  test.each(['TSEL', '3636', 'Info BMKG'])('%s is a robot that nobody can answer', async (msisdn) => {
    const [item] = await read(unpack(JSON.stringify({ id: '1', msisdn, isi: 'Promo' })));
    expect(item).toMatchObject({ automated: true, threadId: msisdn, author: { id: msisdn, name: msisdn } });
    expect(item).not.toHaveProperty('author.phone');
  });

  test('what cannot be read, and an endpoint that is gone, say so without its words', () => {
    expect(() => unpack('{"isi": "rahasia')).toThrow(/^The delivery is neither JSON nor a form$/);
    expect(() => receive.unpack({ body: Buffer.from('{}'), headers: {}, query: {} })).toThrow('hub.yaml');
  });
});

describe('who delivers', () => {
  const NOW = new Date('2026-11-24T08:00:00Z');
  const secret = 'rahasia-panjang-sekali';
  const verify = (headers: Record<string, string>, given: object, value = secret) =>
    receive.verify(
      { body: Buffer.from('isi'), headers, query: {} },
      {
        settings: settings({ verify: given }),
        secret: async () => value,
        now: () => NOW,
        http: () => Promise.reject(new Error()),
      },
    );

  test('a token in a header', async () => {
    const token = { kind: 'token', secrets: ['${HOOK}'] };
    expect(await verify({ 'x-token': secret }, token)).toEqual({ ok: true });
    for (const headers of [{}, { 'x-token': `${secret}x` }, { 'x-token': '' }, { authorization: secret }])
      expect(await verify(headers as Record<string, string>, token)).toMatchObject({ ok: false });
    await expect(verify({ 'x-token': 'pendek' }, token, 'pendek')).rejects.toThrow('too short');
  });

  test('an HMAC of the body alone, in base64, under another name', async () => {
    const hmac = { kind: 'hmac-sha256', secrets: ['${HOOK}'], header: 'X-Sig', prefix: 'v1=', encoding: 'base64' };
    const mac = createHmac('sha256', secret).update('isi').digest('base64');
    expect(await verify({ 'x-sig': `v1=${mac}` }, hmac)).toEqual({ ok: true });
    expect(await verify({ 'x-sig': mac }, hmac)).toMatchObject({ ok: false });
  });
});

test('neither id nor time of a message is refused: the same words twice would be one message', () => {
  const verify = { kind: 'token', secrets: ['${SMS_HOOK}'] };
  const parsed = (message: object) => sms.receive!.settings.safeParse({ verify, message });
  const places = { from: 'msisdn', text: 'isi' };
  expect(parsed(places).error?.issues).toMatchObject([{ path: ['message'], message: expect.stringContaining('`id`') }]);
  for (const one of [{ id: 'id' }, { at: 'waktu' }]) expect(parsed({ ...places, ...one }).success).toBe(true);
});
