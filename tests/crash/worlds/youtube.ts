import { startYoutube } from '../../../simulators/youtube/index.ts';
import { faultsOn, type Part } from './part.ts';

const CHANNEL = 'UCcontohkab0000000000001';
const SECRETS = { YT_CLIENT: 'GOCSPX-sim-client-02', YT_REFRESH: '1//sim-refresh-token-02' };

/** With a channel at a simulated YouTube. */
export async function youtubePart(): Promise<Part> {
  const tokens = { clientSecret: SECRETS.YT_CLIENT, refreshToken: SECRETS.YT_REFRESH };
  const faults = faultsOn('/comments$');
  const youtube = await startYoutube({ channel: CHANNEL, ...tokens, units: 10_000_000, pageSize: 100, faults });
  const { url } = youtube;
  const settings = [
    ...['clientId: 1234-contoh.apps.googleusercontent.com', 'clientSecret: ${YT_CLIENT}'],
    ...['refreshToken: ${YT_REFRESH}', `tokenUrl: ${url}/token`, `apiBase: ${url}`, `webUrl: ${url}`],
    ...['dailyUnits: 10000000', 'replyUnits: 1000000', 'queues: []', 'lookFor: 3s'],
  ];
  const channel = { id: 'yt', adapter: 'youtube', account: CHANNEL, settings };
  return {
    ...{ channel, env: SECRETS },
    ask(each) {
      const all = Array.from({ length: each }, (_, n) =>
        youtube.world.comment(`@warga${n}`, `Lampu mati di gang ${n}`),
      );
      return all.map(({ id }) => ({ channel: 'yt', objectId: id }));
    },
    published() {
      const { landed, doubled } = youtube.published();
      return { landed: landed.map(({ text }) => text), doubled: doubled.map(({ text }) => text) };
    },
    close: () => youtube.close(),
  };
}
