import { type AnyAdapter, ChannelError, type Connect, httpError, type Setup } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Harness } from '../harness.ts';
import type { Handler } from '../wire.ts';
import type { Broken } from './index.ts';

/** The webhook's adapter signs in nowhere, so here it gets a consent screen. */
interface Settings {
  baseUrl: string;
}
const CODE = 'kit-code-5c1f77';

const genuine: Connect<Settings> = {
  loopback: '127.0.0.1',
  pkce: true,
  scopes: () => [{ name: 'read', without: 'Aduan tidak terbaca' }],
  authorize: ({ baseUrl }, { redirectUri, state, challenge }) => {
    const query = new URLSearchParams({ redirect_uri: redirectUri, state, code_challenge: challenge });
    return `${baseUrl}/authorize?${query}`;
  },
  async exchange({ code, verifier }, ctx) {
    const response = await ctx.http({
      method: 'POST',
      url: `${ctx.settings.baseUrl}/token`,
      form: { code, code_verifier: verifier },
    });
    if (response.status === 400) throw new ChannelError('auth', 'The code is not good; connect again');
    const failure = httpError(response, ctx.now(), 'Connecting');
    if (failure) throw failure;
    const { access = '', scope = '' } = response.json() as Record<string, string>;
    if (!access) throw new ChannelError('retry', 'Connecting: no token in the answer');
    return { tokens: { access }, scopes: scope.split(' ') };
  },
};

const serve: Handler = ({ path, body }) => {
  const form = new URLSearchParams(body.toString());
  if (path !== '/token' && path !== '/api/token') return { status: 404 };
  if (form.get('code') !== CODE) return { status: 400, body: { error: 'invalid_grant' } };
  return { status: 200, body: { access: 'kit-granted-77', scope: 'read' } };
};

export const consent = (settings: Harness['settings']): NonNullable<Harness['connect']> => ({
  ...{ serve, settings, code: CODE },
});

export const connectable: Pick<AnyAdapter, 'connect' | 'setup'> = { connect: genuine, setup: webhook.setup ?? [] };

const connecting = (change: Partial<Connect<Settings>>): AnyAdapter => ({
  ...webhook,
  connect: { ...genuine, ...change },
});
const beginning = (change: Partial<Setup>): AnyAdapter => ({
  ...webhook,
  setup: (webhook.setup ?? []).map((one) => ({ ...one, ...change })),
});
const more = { key: 'more', ask: 'Apa lagi?', example: 'lagi' };

export const brokenConnections: Broken = {
  'consent is asked for with our state, our address and no secret': [
    connecting({ authorize: (settings, ask) => genuine.authorize(settings, { ...ask, state: 'x' }) }),
    connecting({ authorize: (_, ask) => genuine.authorize({ baseUrl: 'https://elsewhere.example' }, ask) }),
    connecting({ authorize: (settings, ask) => `${genuine.authorize(settings, ask)}&s=kit-token-5b1f0c9e77aa` }),
    connecting({ pkce: false }),
    connecting({ unable: () => 'Tidak bisa' }),
  ],
  'a code is exchanged with one request, and what was granted is told': [
    connecting({ exchange: async () => ({ tokens: { access: 'made-up-token' }, scopes: ['read'] }) }),
    connecting({ exchange: async (code, ctx) => ({ ...(await genuine.exchange(code, ctx)), scopes: [] }) }),
    connecting({
      exchange: async (code, ctx) => {
        await genuine.exchange(code, ctx);
        return genuine.exchange(code, ctx);
      },
    }),
  ],
  'an exchange that fails says why, is not tried again, and repeats neither code nor secret': [
    connecting({
      exchange: (code, ctx) => genuine.exchange(code, ctx).catch(() => genuine.exchange(code, ctx)),
    }),
    connecting({
      async exchange(code, ctx) {
        try {
          return await genuine.exchange(code, ctx);
        } catch (error) {
          if (!(error instanceof ChannelError)) throw error;
          throw new ChannelError(error.kind, `${code.code} was refused`);
        }
      },
    }),
    connecting({
      exchange: (code, ctx) =>
        genuine.exchange(code, ctx).catch(() => {
          throw new ChannelError('auth', 'Connect again');
        }),
    }),
  ],
  'setup asks at most three questions, and its answers make good settings': [
    beginning({ questions: [more, more, more, more] }),
    beginning({ settings: () => ({}) }),
    beginning({ next: '' }),
    { ...webhook, setup: [] },
  ],
};
