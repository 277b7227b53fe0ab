import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Meta, type MetaOptions, startMeta } from '../../simulators/meta/index.ts';
import { eventually } from '../helpers/eventually.ts';
import { APP_SECRET, LINA, PAGE, pageOptions } from '../meta/world.ts';

let meta: Meta;
beforeAll(async () => {
  meta = await startMeta({ appSecret: APP_SECRET, pages: [pageOptions] });
});
afterAll(() => meta.close());
beforeEach(() => meta.setFaults([]));

async function graph(path: string, body?: object, token = pageOptions.token) {
  const proof = createHmac('sha256', APP_SECRET).update(token).digest('hex');
  const separator = path.includes('?') ? '&' : '?';
  const response = await fetch(`${meta.url}/v26.0${path}${separator}appsecret_proof=${proof}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as {
    id?: string;
    data?: unknown[];
    error?: { code: number; error_subcode?: number };
  };
  return {
    status: response.status,
    headers: response.headers,
    code: answer.error && [answer.error.code, answer.error.error_subcode],
    ...answer,
  };
}

const comment = () => meta.citizens.comment(meta.citizens.ownPost(PAGE, 'Kiriman'), LINA, 'Lampu mati');

describe('Graph', () => {
  it('holds replies below their comment, and hides them from a list of the top level', async () => {
    const top = comment();
    const made = await graph(`/${top.id}/comments`, { message: 'Baik.' });
    expect(meta.world.comments.get(made.id!)).toMatchObject({ parent: top.id, from: { id: PAGE } });
    expect((await graph(`/${top.post}/comments`)).data).toHaveLength(1);
    expect((await graph(`/${top.post}/comments?filter=stream`)).data).toHaveLength(2);
  });

  it('knows its tokens, their proof, their scopes and their death', async () => {
    const top = comment();
    expect(
      (await fetch(`${meta.url}/v26.0/${top.id}`, { headers: { authorization: `Bearer ${pageOptions.token}` } }))
        .status,
    ).toBe(400);
    expect((await graph(`/${top.id}`, undefined, 'EAAGunknown')).code).toEqual([190, 467]);
    const token = meta.access.tokens.get(pageOptions.token)!;
    token.scopes = token.scopes.filter((scope) => scope !== 'pages_manage_engagement');
    expect((await graph(`/${top.id}/comments`, { message: 'x' })).code).toEqual([10, undefined]);
    meta.access.kill(PAGE, 460);
    expect((await graph(`/${top.id}`)).code).toEqual([190, 460]);
    meta.access.give(pageOptions);
    expect((await graph(`/${top.id}`)).status).toBe(200);
  });

  it('lets one private reply pass, for seven days', async () => {
    const top = comment();
    const secret = { recipient: { comment_id: top.id }, message: { text: 'Halo' } };
    expect((await graph(`/${PAGE}/messages`, secret)).status).toBe(200);
    expect((await graph(`/${PAGE}/messages`, secret)).code).toEqual([100, 2534025]);
    const old = meta.citizens.comment(meta.world.posts.get(top.post)!, LINA, 'Lama', {
      at: Date.now() - 8 * 86_400_000,
    });
    expect((await graph(`/${PAGE}/messages`, { ...secret, recipient: { comment_id: old.id } })).code).toEqual([
      100, 2534025,
    ]);
  });

  it('closes a chat after a day', async () => {
    const person = { id: '7700000000000001', name: 'Siti' };
    meta.citizens.message(PAGE, person, 'Halo', { at: Date.now() - 86_500_000 });
    const answer = { recipient: { id: person.id }, message: { text: 'Baik' } };
    expect((await graph(`/${PAGE}/messages`, answer)).code).toEqual([10, 2534022]);
    meta.citizens.message(PAGE, person, 'Halo lagi');
    expect((await graph(`/${PAGE}/messages`, answer)).status).toBe(200);
  });

  it('takes a reply and hangs up, or answers 500, and does not take what it throttles', async () => {
    const top = comment();
    meta.setFaults([{ do: 'hangup', times: 1 }]);
    await expect(graph(`/${top.id}/comments`, { message: 'satu' })).rejects.toThrow();
    meta.setFaults([{ do: 'error', times: 1 }]);
    expect((await graph(`/${top.id}/comments`, { message: 'dua' })).status).toBe(500);
    meta.setFaults([{ do: 'throttle', times: 1, minutes: 3 }]);
    const slowed = await graph(`/${top.id}/comments`, { message: 'tiga' });
    expect(slowed.code).toEqual([32, undefined]);
    expect(slowed.headers.get('x-business-use-case-usage')).toContain('"estimated_time_to_regain_access":3');
    expect(meta.world.below(top.id).map((one) => one.text)).toEqual(['satu', 'dua']);
    await graph(`/${top.id}/comments`, { message: 'dua' });
    expect(meta.published().doubled.map((one) => one.text)).toEqual(['dua', 'dua']);
  });
});

describe('deliveries', () => {
  const received: { body: Buffer; signature: string }[] = [];
  const answers: number[] = [];
  const hub = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    received.push({ body: Buffer.concat(chunks), signature: String(incoming.headers['x-hub-signature-256']) });
    response.writeHead(answers.shift() ?? 200).end();
  });
  let hook: string;
  beforeAll(async () => {
    await new Promise<void>((done) => hub.listen(0, '127.0.0.1', done));
    hook = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/`;
  });
  afterAll(() => void hub.close());
  beforeEach(() => {
    received.length = 0;
  });

  const withMeta = async (options: Partial<MetaOptions>, work: (other: Meta) => Promise<void>) => {
    const other = await startMeta({ appSecret: APP_SECRET, pages: [pageOptions], hook, ...options });
    await work(other).finally(() => other.close());
  };
  const say = ({ citizens }: Meta, count: number) => {
    const post = citizens.ownPost(PAGE, 'Kiriman');
    for (let n = 0; n < count; n++) citizens.comment(post, LINA, `مظلم 1/${n}`);
  };

  it('are signed over escaped bytes, bundled, and come again until they are acknowledged', () =>
    withMeta({}, async (other) => {
      answers.push(503);
      say(other, 3);
      await other.delivered();
      expect(received).toHaveLength(2);
      const [{ body, signature }, again] = received as [(typeof received)[0], (typeof received)[0]];
      expect(again.body.equals(body)).toBe(true);
      expect(signature).toBe(`sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`);
      expect(body.toString()).toContain(String.raw`\u0645\u0638\u0644\u0645 1\/2`);
      expect(JSON.parse(body.toString()).entry[0].changes).toHaveLength(3);
    }));

  it('come twice and in another order where that is wished', () =>
    withMeta({ delivering: { twice: 1, shuffle: true, batch: 2 } }, async (other) => {
      say(other, 3);
      await other.delivered();
      const texts = received.map(({ body }) =>
        JSON.parse(body.toString()).entry.flatMap((entry: { changes: { value: { message: string } }[] }) =>
          entry.changes.map((change) => change.value.message.slice(-1)),
        ),
      );
      expect(texts).toEqual([['1', '0'], ['1', '0'], ['2'], ['2']]);
    }));

  it('are lost without a word where nobody has subscribed', () =>
    withMeta({ deliverAnyway: false }, async (other) => {
      say(other, 1);
      other.subscriptions.assets.set(PAGE, ['feed']);
      say(other, 1);
      await other.delivered();
      await eventually(() => expect(received).toHaveLength(1));
      other.subscriptions.app.delete('page');
      say(other, 1);
      await other.delivered();
      expect(received).toHaveLength(1);
    }));
});
