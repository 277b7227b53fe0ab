import { startTiktok } from '../../../simulators/tiktok/index.ts';
import { faultsOn, type Part } from './part.ts';

const ACCOUNT = '_000SimPemkabContoh';
const SECRETS = { TIKTOK_SECRET: 'sim-tiktok-app-secret', TIKTOK_REFRESH: 'rft.sim-refresh-01' };

/** With an account at a simulated TikTok whose pages are short, shuffled and overlap. */
export async function tiktokPart(): Promise<Part> {
  const tokens = { clientSecret: SECRETS.TIKTOK_SECRET, refreshToken: SECRETS.TIKTOK_REFRESH };
  const manners = { bareIds: true, shortPages: true, shuffle: true, duplicates: true, rotate: true };
  const tiktok = await startTiktok({ account: ACCOUNT, ...tokens, manners, faults: faultsOn('/reply/create/$') });
  const { url } = tiktok;
  const settings = [
    ...['clientId: "7300000000000000001"', 'clientSecret: ${TIKTOK_SECRET}', 'refreshToken: ${TIKTOK_REFRESH}'],
    ...[`apiBase: ${url}`, `authorizeUrl: ${url}/v2/auth/authorize`, `webUrl: ${url}`, 'lookFor: 3s'],
  ];
  const channel = { id: 'tt', adapter: 'tiktok', account: ACCOUNT, settings };
  return {
    ...{ channel, env: SECRETS },
    ask(each) {
      const video = tiktok.world.video('Peresmian pasar');
      const all = Array.from({ length: each }, (_, n) => tiktok.world.comment(video, `warga.${n}`, `Lampu mati ${n}`));
      return all.map(({ id }) => ({ channel: 'tt', objectId: id }));
    },
    published() {
      const { landed, doubled } = tiktok.published();
      return { landed: landed.map(({ text }) => text), doubled: doubled.map(({ text }) => text) };
    },
    close: () => tiktok.close(),
  };
}
