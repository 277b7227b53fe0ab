import { expect, it } from 'vitest';
import { parseJson } from '../../adapters/_meta/json.ts';
import facebook from '../../adapters/facebook/index.ts';
import { type Bench, KIT_NOW, onBench } from '../kit/context.ts';
import { file, reply } from '../kit/samples.ts';
import { facebookHarness } from './facebook.harness.ts';
import { PAGE } from './facebook.platform.ts';
import { graphError } from './meta/signing.ts';

const hours = (count: number): string => new Date(KIT_NOW.getTime() - count * 3_600_000).toISOString();
const bodies = ({ wire }: Bench) =>
  wire.requests.filter((one) => one.method === 'POST').map((one) => [one.path, one.body.toString()]);
const chat = (ref: Record<string, unknown>) => {
  const plain = reply({}, 'message');
  return { ...plain, target: { ...plain.target, threadId: 'dm:77', ref: { to: '77', ...ref } as never } };
};

it('a photo goes up unpublished, and then stands with the comment', () =>
  onBench(facebook, facebookHarness, async (bench) => {
    await facebook.publish!.send(reply({ files: [file] }, 'comment'), bench.ctx);
    const [[first, photo], [second, comment]] = bodies(bench) as [[string, string], [string, string]];
    expect(first).toBe(`/v26.0/${PAGE}/photos`);
    expect(photo).toMatch(/name="published"\r\n\r\nfalse/);
    expect(second).toBe('/v26.0/kit-1/comments');
    expect(JSON.parse(comment)).toEqual({ message: reply().text, attachment_id: 'photo-1' });
  }));

it('the token travels in a header and never in an address', () =>
  onBench(facebook, facebookHarness, async (bench) => {
    await facebook.publish!.send(reply({}, 'comment'), bench.ctx);
    const [request] = bench.wire.requests;
    expect(request!.headers.authorization).toMatch(/^Bearer EAAG/);
    expect([...request!.query.keys()]).toEqual(['appsecret_proof']);
  }));

it('an old comment is looked at first: closed ones are refused, and nothing is sent', () =>
  onBench(facebook, facebookHarness, async (bench) => {
    const plain = reply({}, 'comment');
    const old = { ...plain, target: { ...plain.target, ref: { node: 'kit-1', at: hours(7) } } };
    bench.wire.steer(
      () => ({ status: 200, body: { can_comment: false } }),
      (request) => request.method === 'GET',
    );
    const error = await facebook.publish!.send(old, bench.ctx).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'refused', reason: 'forbidden' });
    expect(bodies(bench)).toEqual([]);
  }));

it('an answer that names the comment itself proves nothing', () =>
  onBench(facebook, facebookHarness, async ({ ctx, wire }) => {
    wire.steer(() => ({ status: 200, body: { id: 'kit-1', success: true } }));
    await expect(facebook.publish!.send(reply({}, 'comment'), ctx)).rejects.toMatchObject({
      kind: 'retry',
      nothingSent: false,
    });
  }));

it('a chat gets our key, and the tag of a person only late and where it is approved', () =>
  onBench(facebook, facebookHarness, async (bench) => {
    await facebook.publish!.send(chat({ at: hours(1) }), bench.ctx);
    const approved = { ...bench.ctx, settings: { ...(bench.ctx.settings as object), humanAgent: true } };
    await facebook.publish!.send(chat({ at: hours(1) }), approved);
    await facebook.publish!.send(chat({ at: hours(30) }), approved);
    const sent = bodies(bench).map(([, body]) => JSON.parse(body!) as Record<string, unknown>);
    expect(sent.map(({ messaging_type, tag }) => [messaging_type, tag])).toEqual([
      ['RESPONSE', undefined],
      ['RESPONSE', undefined],
      ['MESSAGE_TAG', 'HUMAN_AGENT'],
    ]);
    expect(sent[0]).toMatchObject({ recipient: { id: '77' }, message: { text: reply().text, metadata: 'kit-key-1' } });
  }));

it('a chat that another application has is not answered', () =>
  onBench(facebook, facebookHarness, async (bench) => {
    const error = await facebook.publish!.send(chat({ standby: true }), bench.ctx).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'refused', reason: 'forbidden', code: 'standby' });
    expect(bench.wire.requests).toEqual([]);
  }));

it('a field that is refused is left out, one after the other', () =>
  onBench(facebook, facebookHarness, async ({ ctx, wire }) => {
    wire.steer(
      () => graphError(400, 100),
      (request) => request.query.get('fields')?.includes('attachments') ?? false,
    );
    await facebook.poll!.page(null, ctx);
    const asked = wire.requests.filter((one) => one.path.endsWith('/feed')).map((one) => one.query.get('fields'));
    expect(asked).toEqual([
      'id,created_time,updated_time,from,message,permalink_url,is_hidden,attachments{media_type,media,url}',
      'id,created_time,updated_time,from,message,permalink_url,is_hidden',
    ]);
  }));

it('a doubtful reply is not called absent before it was looked for long enough', () =>
  onBench(facebook, facebookHarness, async ({ ctx }) => {
    const just = reply({ attempt: 2, uncertainSince: new Date(KIT_NOW.getTime() - 60_000) }, 'comment');
    expect(await facebook.reconcile!(just, ctx)).toBe('unknown');
    const long = reply({ attempt: 2, uncertainSince: new Date(KIT_NOW.getTime() - 601_000) }, 'comment');
    expect(await facebook.reconcile!(long, ctx)).toBe('absent');
  }));

it('the same words of somebody whose name Meta hides may be ours', () =>
  onBench(facebook, facebookHarness, async ({ ctx, wire }) => {
    const body = { data: [{ id: '9', message: reply().text, created_time: '2026-11-24T01:00:05+0000' }] };
    wire.steer(() => ({ status: 200, body }));
    expect(await facebook.reconcile!(reply({}, 'comment'), ctx)).toBe('unknown');
  }));

it('a private reply that can still be sent was not sent; otherwise a person looks', () =>
  onBench(facebook, facebookHarness, async ({ ctx, wire }) => {
    const plain = reply({}, 'comment');
    const secret = { ...plain, target: { ...plain.target, privately: true as const } };
    wire.steer(() => ({ status: 200, body: { can_reply_privately: true } }));
    expect(await facebook.reconcile!(secret, ctx)).toBe('absent');
    wire.steer(() => ({ status: 200, body: { can_reply_privately: false } }));
    expect(await facebook.reconcile!(secret, ctx)).toBe('unknown');
  }));

it('a file whose address has ended is asked for anew', () =>
  onBench(facebook, facebookHarness, async ({ ctx, wire }) => {
    const fresh = `${wire.origin}/cdn/fresh.jpg`;
    wire.steer(
      (request) =>
        request.path.startsWith('/cdn/')
          ? { status: 403, body: 'URL signature expired' }
          : { status: 200, body: { attachment: { media: { image: { src: fresh } } } } },
      (request) => request.path !== '/cdn/fresh.jpg',
    );
    const fetched = await facebook.media!({ url: `${wire.origin}/cdn/old.jpg`, of: 'kit-1' }, ctx);
    expect(fetched).toMatchObject({ mime: 'image/jpeg' });
  }));

it('numbers longer than JavaScript can hold stay whole, and digits in words are words', () => {
  expect(parseJson('{"id":90071992547409931234,"n":12,"t":"nik: 9007199254740993123"}')).toEqual({
    ...{ id: '90071992547409931234', n: 12 },
    t: 'nik: 9007199254740993123',
  });
  expect(parseJson('[1795400123,-9007199254740993]')).toEqual([1_795_400_123, '-9007199254740993']);
});

it('a mention that may not be seen is nothing against our token; it is taken as it came', () =>
  onBench(facebook, facebookHarness, async ({ ctx, wire }) => {
    wire.steer(() => graphError(403, 10));
    const raw = (field: string) =>
      JSON.stringify({ account: PAGE, field, value: { item: 'post', verb: 'add', post_id: '7_1' } });
    await expect(facebook.complete!(raw('mention'), ctx)).rejects.toMatchObject({ kind: 'refused', reason: 'gone' });
    await expect(facebook.complete!(raw('feed'), ctx)).rejects.toMatchObject({ kind: 'auth' });
  }));

it('where the page is tagged may be closed to us; the rest is polled all the same', () =>
  onBench(facebook, facebookHarness, async ({ ctx, wire }) => {
    wire.steer(
      () => graphError(403, 10),
      (request) => request.path.endsWith('/tagged'),
    );
    expect((await facebook.poll!.page(null, ctx)).next).toMatchObject({ rest: [{ kind: 'post' }] });
  }));
