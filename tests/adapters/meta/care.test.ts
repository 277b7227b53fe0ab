import { describe, expect, it } from 'vitest';
import { tokenWarnings, warningDays } from '../../../adapters/_meta/token.ts';
import { versionWarning } from '../../../adapters/_meta/version.ts';
import facebook from '../../../adapters/facebook/index.ts';
import { type Bench, onBench } from '../../kit/context.ts';
import type { WireRequest } from '../../kit/index.ts';
import { facebookHarness } from '../facebook.harness.ts';
import { facebookPlatform, PAGE } from '../facebook.platform.ts';
import { APP_ID, graphError } from './signing.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

describe('what is said before something ends', () => {
  it.each([
    [31, null], [30, 30], [8, 30], [7, 7], [2, 7], [1, 1], [0.5, 1], [-3, 1],
  ])('a token with %d days left: %s', (days, warning) => expect(warningDays(inDays(days), NOW)).toBe(warning)); // biome-ignore format: one glance

  const state = { scopes: ['a', 'b'], limited: new Map([['b', ['2']]]) };
  const about = { scopes: ['a', 'b', 'c'], accounts: ['1'] };
  it('names dates, missing permissions and those for other accounts only', () => {
    const warnings = tokenWarnings({ ...state, expiresAt: inDays(5), dataUntil: inDays(20) }, about, NOW);
    expect(warnings).toEqual([
      'Token berakhir pada 2026-11-29, paling lama 7 hari lagi. Buat token baru sebelum itu.',
      'Izin membaca data berakhir pada 2026-12-14, paling lama 30 hari lagi. Pemilik token harus masuk lagi ke aplikasi.',
      'Izin belum ada pada token: c. Berikan, lalu buat token baru.',
      'Izin tidak berlaku untuk akun ini: b. Pilih akunnya saat memberi izin.',
    ]);
  });

  it('a version of Graph is cried out sixty days before it ends, and after', () => {
    expect(versionWarning('v26.0', NOW)).toBeNull();
    expect(versionWarning('v21.0', new Date('2026-11-01T00:00:00Z'))).toBeNull();
    expect(versionWarning('v21.0', new Date('2026-12-01T00:00:00Z'))).toContain(
      'berakhir pada 2027-01-21 (51 hari lagi)',
    );
    expect(versionWarning('v21.0', new Date('2027-02-01T00:00:00Z'))).toContain('sudah berakhir');
  });
});

/** The page's platform, with other answers for some paths. */
const answering = (answers: Record<string, unknown>) => ({
  ...facebookHarness,
  platform: (state: Parameters<typeof facebookPlatform>[0]) => {
    const genuine = facebookPlatform(state);
    return (request: WireRequest) => {
      const path = `${request.method} ${request.path.replace(/^\/v\d\d\.0/, '')}`;
      const other = answers[path];
      if (other === undefined) return genuine(request);
      return 'status' in (other as object) ? (other as ReturnType<typeof graphError>) : { status: 200, body: other };
    };
  },
});
const subscribed = (bench: Bench) =>
  bench.wire.requests.filter((one) => one.method === 'POST').map((one) => one.body.toString());

describe('the three layers of a subscription', () => {
  const edge = `GET /${PAGE}/subscribed_apps`;
  const done = { [`POST /${PAGE}/subscribed_apps`]: { success: true } };

  it('an account that is not subscribed is said by probe, and mended by care', () =>
    onBench(facebook, answering({ [edge]: { data: [] }, ...done }), async (bench) => {
      expect((await facebook.probe!(bench.ctx)).warnings).toEqual([expect.stringContaining('belum berlangganan')]);
      expect(subscribed(bench)).toEqual([]);
      await facebook.care!.run(bench.ctx);
      expect(decodeURIComponent(subscribed(bench)[0]!)).toMatch(/^subscribed_fields=feed,mention,ratings,messages,/);
    }));

  it('what another channel subscribed to stays', () =>
    onBench(
      facebook,
      answering({ [edge]: { data: [{ id: APP_ID, subscribed_fields: ['feed', 'leadgen'] }] }, ...done }),
      async (bench) => {
        await facebook.care!.run(bench.ctx);
        expect(decodeURIComponent(subscribed(bench)[0]!)).toMatch(/^subscribed_fields=feed,leadgen,mention,/);
      },
    ));

  it('what only the dashboard can mend is said', () =>
    onBench(facebook, answering({ [`GET /${APP_ID}/subscriptions`]: { data: [] } }), async (bench) => {
      const { warnings } = await facebook.care!.run(bench.ctx);
      expect(warnings).toEqual([expect.stringContaining('belum berlangganan objek "page"')]);
      expect(subscribed(bench)).toEqual([]);
    }));

  it('an app that may not be asked is no trouble of the token', () =>
    onBench(facebook, answering({ [`GET /${APP_ID}/subscriptions`]: graphError(400, 100) }), async (bench) => {
      expect((await facebook.care!.run(bench.ctx)).warnings).toEqual([]);
    }));
});

it.each([
  [{ code: 190, subcode: 460 }, 'Sandi pemilik token berubah'],
  [{}, 'Buat token baru'],
])('a token that is not valid any more is dead: %j', (error, words) =>
  onBench(
    facebook,
    answering({ 'GET /debug_token': { data: { is_valid: false, error, scopes: [] } } }),
    async ({ ctx }) => {
      const failure = await facebook.care!.run(ctx).catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ kind: 'auth', message: expect.stringContaining(words) });
      expect(failure).toMatchObject({ message: expect.stringContaining('kanal secret set KIT_TOKEN') });
    },
  ),
);
