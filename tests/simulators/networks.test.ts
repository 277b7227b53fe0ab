import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { feed } from '../../simulators/google/feed.ts';
import { type Google, startGoogle } from '../../simulators/google/index.ts';
import { eventually } from '../helpers/eventually.ts';

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kanal-networks-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const GOOGLE = {
  ...{ account: '108900000000000000001', clientSecret: 'rahasia-google', refreshToken: 'penyegar-google' },
  locations: [{ id: '4711000000000000001', title: 'Dinas Kependudukan' }],
};
const X = { account: { id: '1400000000000000001', username: 'PemkabContoh' }, consumerSecret: 'rahasia-x' };
const TIKTOK = { account: '_000Sim', clientSecret: 'rahasia-tiktok', refreshToken: 'rft.sim-01' };
const YOUTUBE = { channel: 'UCcontohkab1', clientSecret: 'rahasia-google', refreshToken: 'penyegar-youtube' };

async function start(feed: boolean) {
  const options = join(folder, 'options.json');
  const own = {
    google: { ...GOOGLE, journal: join(folder, 'google.json') },
    youtube: { ...YOUTUBE, journal: join(folder, 'youtube.json') },
    x: { ...X, journal: join(folder, 'x.json') },
    tiktok: { ...TIKTOK, journal: join(folder, 'tiktok.json') },
    sms: { token: 'kunci-gateway', journal: join(folder, 'sms.json') },
    ...(feed && { feed: {} }),
  };
  await writeFile(options, JSON.stringify(own));
  const started = spawn(process.execPath, ['simulators/networks/main.ts', options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  const [line] = (await once(createInterface({ input: started.stdout }), 'line')) as [string];
  const urls = JSON.parse(line) as Record<'google' | 'youtube' | 'x' | 'tiktok' | 'sms', string>;
  return {
    ...urls,
    page: async (url: string) => (await fetch(url)).text(),
    async end() {
      started.kill('SIGTERM');
      expect(await once(started, 'exit')).toEqual([0, null]);
    },
  };
}

test('those that are wanted run as one process, and what stands there survives a restart', async () => {
  const first = await start(true);
  const shown = async ({ page, google, youtube, x, tiktok, sms }: typeof first) => {
    expect(await page(x)).toContain('jembatan di Kebulusan retak, motor');
    expect(await page(tiktok)).toContain('jembatan di Karanganyar retak');
    expect(await page(sms)).toContain('jalan Desa Karangsari rusak');
    expect(await page(google)).toContain('Parkir sempit');
    expect(await page(youtube)).toContain('papan tengahnya lepas');
    return [await page(google), await page(youtube)];
  };
  const before = await eventually(() => shown(first));
  const knobs = [{ do: 'error', on: '/comments', ratio: 1 }];
  const set = await fetch(`${first.youtube}/_faults`, { method: 'POST', body: JSON.stringify(knobs) });
  expect(await set.json()).toMatchObject([{ do: 'error', met: 0 }]);
  await first.end();
  const again = await start(false);
  expect(await shown(again)).toEqual(before);
  await again.end();
});

test('who gave one star and is answered changes the review, once, whatever restarts come in between', async () => {
  const open = () => startGoogle({ ...GOOGLE, journal: join(folder, 'google.json') });
  const angryOf = ({ world }: Google) => [...world.reviews.values()].filter(({ stars }) => stars === 1);
  let google = await open();
  await feed(google);
  google.world.answer(angryOf(google)[0]!, 'Kami perbaiki.');
  await google.close();
  google = await open();
  await feed(google, { editAfterMs: 1 });
  const again = 'Sudah dijawab, tetapi hari ini antreannya masih sama.';
  await eventually(() => expect(angryOf(google)[0]!.text).toContain(again));
  const { text } = angryOf(google)[0]!;
  await google.close();
  google = await open();
  try {
    await feed(google, { editAfterMs: 1 });
    google.world.answer(angryOf(google)[1]!, 'Mulai besok.');
    await eventually(() => expect(angryOf(google)[1]!.text).toContain(again));
    expect(angryOf(google).map((one) => one.text)[0]).toBe(text);
    expect(angryOf(google)).toHaveLength(3);
  } finally {
    await google.close();
  }
});
