import { expect, it } from 'vitest';
import type { ConsentCode } from '#contract';
import instagram from '../../adapters/instagram/index.ts';
import { KIT_NOW, onBench } from '../kit/context.ts';
import { mustFail } from '../kit/expect.ts';
import type { Harness, WireAnswer } from '../kit/index.ts';
import { instagramHarness } from './instagram.harness.ts';
import { ACCOUNT } from './instagram.platform.ts';

const { pageId: _, ...linked } = instagramHarness.settings('http://127.0.0.1:9');
const alone: Harness = {
  ...instagramHarness,
  settings: (origin) => ({
    ...{ ...linked, flavour: 'instagram', graphUrl: origin, exchangeUrl: origin, loginUrl: origin, token: undefined },
  }),
};
const CODE: ConsentCode = { code: 'AQ-ig-77', redirectUri: 'https://hub.example/', verifier: '' };
const ok = (body: unknown): WireAnswer => ({ status: 200, body });
const PERMISSIONS = 'instagram_business_basic,instagram_business_manage_comments,instagram_business_manage_messages';

const scenes = (short: unknown): Record<string, WireAnswer> => ({
  '/oauth/access_token': ok(short),
  '/access_token': ok({ access_token: 'IGlong', token_type: 'bearer', expires_in: 5_184_000 }),
  '/me': ok({ user_id: ACCOUNT, username: 'pemkab' }),
});

it.each([
  ['an object', { access_token: 'IGshort', user_id: 7, permissions: PERMISSIONS.split(',') }],
  ['one in a list', { data: [{ access_token: 'IGshort', user_id: '7', permissions: PERMISSIONS }] }],
])(
  'an account that stands alone: a code becomes a token for sixty days; the first answer is %s',
  async (_name, short) => {
    await onBench(instagram, alone, async ({ wire, ctx }) => {
      wire.steer(({ path }) => scenes(short)[path] ?? { status: 404 });
      const found = await instagram.connect!.exchange(CODE, ctx);
      expect(found).toMatchObject({ account: { id: ACCOUNT, name: 'pemkab' }, tokens: { access: 'IGlong' } });
      expect(found.scopes).toEqual(PERMISSIONS.split(','));
      expect(found.expiresAt).toEqual(new Date(KIT_NOW.getTime() + 5_184_000_000));
    });
  },
);

it('a code that was used is a matter of connecting again', async () => {
  await onBench(instagram, alone, async ({ wire, ctx }) => {
    const body = { error_type: 'OAuthException', code: 400, error_message: 'This authorization code has been used' };
    wire.steer(() => ({ status: 400, body }));
    const error = await mustFail(() => instagram.connect!.exchange(CODE, ctx), 'auth', 'a used code');
    expect(error.message).toContain('ulangi dari awal');
  });
});

it('asks Instagram itself, with its own permissions', async () => {
  await onBench(instagram, alone, async ({ ctx }) => {
    const ask = { redirectUri: 'https://hub.example/', state: 's', challenge: 'c' };
    const url = new URL(instagram.connect!.authorize(ctx.settings, ask));
    expect([url.pathname, url.searchParams.get('scope')]).toEqual(['/oauth/authorize', PERMISSIONS]);
  });
});
