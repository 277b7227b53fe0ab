import { startX } from '../../../simulators/x/index.ts';
import type { Filed } from '../citizens.ts';
import { faultsOn, type Part } from './part.ts';

const ACCOUNT = { id: '1400000000000000001', username: 'PemkabContoh' };
const SECRETS = { X_REFRESH: 'sim-refresh-token', X_CLIENT_SECRET: 'sim-client-secret' };

/** Every fourth answer is a thread of several posts. */
const LONG = Array.from({ length: 10 }, (_, n) => `Kalimat ${n} menerangkan apa yang sudah dikerjakan.`).join(' ');
const textFor = ({ objectId }: Filed): string => {
  const short = `Sudah kami perbaiki (${objectId}).`;
  // Each part has to be told from those of other answers.
  return BigInt(objectId) % 4n === 0n ? LONG.replaceAll('Kalimat', `Kalimat ${objectId}`).concat(' ', short) : short;
};

/** With an account at a simulated X whose tokens are used once. */
export async function xPart(): Promise<Part> {
  const faults = faultsOn('/tweets$');
  const x = await startX({
    account: ACCOUNT,
    consumerSecret: 'sim-consumer-secret',
    calls: 1_000_000,
    lagMs: 300,
    faults,
  });
  const settings = [
    ...[`username: ${ACCOUNT.username}`, `apiBase: ${x.url}`, 'clientId: sim-client', 'lookFor: 3s'],
    ...['clientSecret: ${X_CLIENT_SECRET}', 'refreshToken: ${X_REFRESH}', 'cost: { monthly: null }'],
  ];
  const channel = { id: 'x', adapter: 'twitter', account: ACCOUNT.id, settings };
  const mark = / \[[^\]]*\]$/;
  return {
    ...{ channel, env: SECRETS },
    textFor,
    ask(each) {
      const posts = Array.from({ length: each }, (_, n) =>
        x.world.write(`warga${n}`, `@${ACCOUNT.username} lampu jalan mati di gang ${n}`),
      );
      return posts.map(({ id }) => ({ channel: 'x', objectId: id }));
    },
    published() {
      const { landed, doubled } = x.published();
      const words = (all: typeof landed) => all.map(({ text }) => text.replace(mark, ''));
      return { landed: words(landed), doubled: words(doubled) };
    },
    close: () => x.close(),
  };
}
