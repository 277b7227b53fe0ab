import { expect, it } from 'vitest';
import instagram from '../../adapters/instagram/index.ts';
import { onBench } from '../kit/context.ts';
import { reply } from '../kit/samples.ts';
import { instagramHarness } from './instagram.harness.ts';
import { ACCOUNT } from './instagram.platform.ts';
import { graphError, TOKEN } from './meta/signing.ts';

const alone = {
  ...instagramHarness,
  settings(origin: string) {
    const { pageId: _, ...settings } = instagramHarness.settings(origin);
    return { ...settings, flavour: 'instagram' };
  },
};
const under = (ref: Record<string, unknown>, text = 'Baik.') => {
  const plain = reply({ text }, 'comment');
  return { ...plain, target: { ...plain.target, ref: ref as never } };
};

it('an answer to a reply begins with the name of whom it is for, if there is room', () =>
  onBench(instagram, instagramHarness, async ({ ctx, state }) => {
    await instagram.publish!.send(under({ node: 'kit-1', handle: 'lina.h' }), ctx);
    await instagram.publish!.send(under({ node: 'kit-1', handle: 'lina.h' }, 'a'.repeat(295)), ctx);
    expect(state.landed.map((one) => one.text)).toEqual(['@lina.h Baik.', 'a'.repeat(295)]);
  }));

it.each([
  ['Lihat https://a.example dan https://b.example', 'content'],
  ['#satu #dua #tiga #empat #lima', 'content'],
])('"%s" is turned away before Instagram does it', (text, reason) =>
  onBench(instagram, instagramHarness, async ({ ctx, wire }) => {
    await expect(instagram.publish!.send(under({ node: 'kit-1' }, text), ctx)).rejects.toMatchObject({
      kind: 'refused',
      reason,
    });
    expect(wire.requests).toEqual([]);
  }),
);

it.each([{ live: true }, { tagged: true }])('what cannot be answered is refused: %j', (ref) =>
  onBench(instagram, instagramHarness, async ({ ctx, wire }) => {
    await expect(instagram.publish!.send(under(ref), ctx)).rejects.toMatchObject({
      kind: 'refused',
      reason: 'unsupported',
    });
    expect(wire.requests).toEqual([]);
  }),
);

it('messages count in bytes, comments in characters', () => {
  const { measure, rules } = instagram.publish!;
  expect(measure!('é🕳️')).toBe(9);
  expect(rules!('comment', { maxCommentChars: 300 }).measure!('é🕳️')).toBe(3);
});

it('needs its page, unless it stands alone', () => {
  const { pageId: _, ...without } = instagramHarness.settings('http://127.0.0.1:9');
  expect(instagram.settings.safeParse(without).success).toBe(false);
  const { graphUrl: __, ...bare } = { ...without, flavour: 'instagram' } as Record<string, unknown>;
  expect(instagram.settings.parse(bare)).toMatchObject({
    graphUrl: 'https://graph.instagram.com',
    username: 'pemkab.contoh',
  });
});

it('alone, the token is renewed before it ends, used from then on, and a new secret takes its place', () =>
  onBench(instagram, alone, async ({ ctx, wire }) => {
    const seen: string[] = [];
    wire.steer((request) => {
      seen.push(`${request.path.replace('/v26.0', '')} ${request.headers.authorization}`);
      if (request.path.endsWith('/me')) return { status: 200, body: { user_id: ACCOUNT, username: 'pemkab.contoh' } };
      if (request.path.endsWith('/refresh_access_token'))
        return { status: 200, body: { access_token: 'IGrenewed-01', expires_in: 5_184_000 } };
      if (request.method === 'POST') return { status: 200, body: { success: true } };
      return { status: 200, body: { data: [] } };
    });
    const health = await instagram.care!.run(ctx);
    expect(health.expiresAt).toEqual(new Date(ctx.now().getTime() + 5_184_000_000));
    expect(seen.slice(0, 2)).toEqual([`/me Bearer ${TOKEN}`, `/refresh_access_token Bearer ${TOKEN}`]);
    expect(seen.slice(2)).toEqual([
      '/me/subscribed_apps Bearer IGrenewed-01',
      '/me/subscribed_apps Bearer IGrenewed-01',
    ]);
    seen.length = 0;
    await instagram.care!.run(ctx);
    expect(seen[0]).toBe('/me Bearer IGrenewed-01');
    expect(seen.some((one) => one.startsWith('/refresh'))).toBe(false);
    const replaced = { ...ctx, secret: async () => 'IGnew-secret' };
    seen.length = 0;
    await instagram.probe!(replaced);
    expect(seen).toEqual(['/me Bearer IGnew-secret']);
  }));

it('a token too young to be renewed is no trouble', () =>
  onBench(instagram, alone, async ({ ctx, wire }) => {
    wire.steer((request) => {
      if (request.path.endsWith('/refresh_access_token')) return graphError(400, 100);
      if (request.method === 'POST') return { status: 200, body: { success: true } };
      return { status: 200, body: request.path.endsWith('/me') ? { user_id: ACCOUNT } : { data: [] } };
    });
    expect((await instagram.care!.run(ctx)).detail).toContain('belum diketahui');
  }));
