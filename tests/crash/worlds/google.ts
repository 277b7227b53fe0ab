import { startGoogle } from '../../../simulators/google/index.ts';
import { faultsOn, type Part } from './part.ts';

const ACCOUNT = '108900000000000000001';
const OFFICE = '4711000000000000001';
const SECRETS = { GOOGLE_CLIENT: 'GOCSPX-sim-client-01', GOOGLE_REFRESH: '1//sim-refresh-token-01' };

/** With an office at a simulated Google: each review has one reply, which is made or replaced. */
export async function googlePart(): Promise<Part> {
  const tokens = { clientSecret: SECRETS.GOOGLE_CLIENT, refreshToken: SECRETS.GOOGLE_REFRESH };
  const locations = [{ id: OFFICE, title: 'Dinas Kependudukan' }];
  const faults = faultsOn('/reply$');
  const google = await startGoogle({ account: ACCOUNT, locations, ...tokens, quota: 1_000_000, faults });
  const { url } = google;
  const settings = [
    ...['clientId: 1234-contoh.apps.googleusercontent.com', 'clientSecret: ${GOOGLE_CLIENT}'],
    ...['refreshToken: ${GOOGLE_REFRESH}', `tokenUrl: ${url}/token`, `apiBase: ${url}`, `infoBase: ${url}`],
    ...[`noticeBase: ${url}`, `locations: [{ id: "${OFFICE}", name: Kantor }]`, 'lookFor: 2s'],
  ];
  const channel = { id: 'gr', adapter: 'google-reviews', account: ACCOUNT, settings };
  return {
    ...{ channel, env: SECRETS },
    ask(each) {
      const all = Array.from({ length: each }, (_, n) =>
        google.world.review(`Warga ${n}`, { stars: 1 + (n % 5), text: `Antrean panjang nomor ${n}` }),
      );
      return all.map(({ name }) => ({ channel: 'gr', objectId: name }));
    },
    published() {
      const { landed, doubled } = google.published();
      return { landed: landed.map(({ comment }) => comment), doubled: doubled.map(({ comment }) => comment) };
    },
    close: () => google.close(),
  };
}
