import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyAdapter, Delivery, NormaliseContext, RawItem } from '#contract';
import { adapters } from '../adapters/index.ts';
import { META_ENDPOINT, SECRETS, writeConfig } from './lib/config.ts';
import { type Figure, type Measured, ratioFigure } from './lib/figure.ts';
import type { Ground } from './lib/ground.ts';
import { alternate } from './lib/rounds.ts';
import { measureVisible } from './lib/visible.ts';

const PAGE = '104000000000001';
const CHANGES = 10;
const VISIBLE: Measured = {
  ...{ bench: 'g-meta-visible', unit: 'changes/s', floor: 0.4, goal: 0.6 },
  what: 'deliveries of a page with 10 changes each, from acknowledged to committed; limit: bare INSERTs of these rows',
};
const NORMALISE: Measured = {
  ...{ bench: 'g-meta-normalise', unit: 'items/s', floor: 0.15, goal: 0.3 },
  what: 'normalise of every fixture of Facebook and Instagram; limit: JSON.parse and JSON.stringify of the same text',
};

/** (g) What Meta delivers: comments of a page until they are visible, and events of every kind until they are items. */
export async function meta(ground: Ground): Promise<Figure[]> {
  const dir = await writeConfig(ground);
  await writeFile(join(dir, 'channels', 'fb.yaml'), JSON.stringify(channel()));
  const count = ground.quick ? 20 : 3_000;
  const deliveries = { endpoint: META_ENDPOINT, adapter: 'facebook', count, each: CHANGES, delivery };
  return [await measureVisible(ground, VISIBLE, deliveries), await normalised(ground)];
}

const channel = () => ({
  ...{ id: 'fb', label: 'Facebook', adapter: 'facebook', account: PAGE, endpoint: META_ENDPOINT, poll: false },
  settings: { appId: '1', appSecret: '${BENCH_META}', token: '${BENCH_META}', graphUrl: 'http://127.0.0.1:9' },
});

const TEXT =
  'Selamat pagi, lampu penerangan di depan pasar desa sudah dua minggu mati 🙏 dan kemarin ada pengendara motor ' +
  'terjatuh karena lubang tidak terlihat. Mohon segera diperiksa.';

/** Ten comments of ten people, escaped and signed as Meta does. */
function delivery(n: number): Delivery {
  const changes = Array.from({ length: CHANGES }, (_, at) => comment(n * CHANGES + at));
  const text = JSON.stringify({ object: 'page', entry: [{ id: PAGE, time: 1_795_400_123, changes }] });
  const escaped = text.replace(/[\u0080-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const body = Buffer.from(escaped.replaceAll('/', '\\/'));
  const signature = createHmac('sha256', SECRETS.BENCH_META).update(body).digest('hex');
  return { body, headers: { 'x-hub-signature-256': `sha256=${signature}` }, query: {} };
}

const comment = (n: number) => ({
  field: 'feed',
  value: {
    ...{ item: 'comment', verb: 'add', post_id: `${PAGE}_7`, parent_id: `${PAGE}_7`, comment_id: `7_${n}` },
    ...{ from: { id: `2590${n}`, name: `Warga ${n}` }, message: `${TEXT} (${n})`, created_time: 1_795_400_120 },
    post: { id: `${PAGE}_7`, permalink_url: `https://www.facebook.com/${PAGE}/posts/7`, is_published: true },
  },
});

const FOLDER = new URL('../tests/fixtures/meta/', import.meta.url);

interface Sample {
  adapter: AnyAdapter;
  raw: string;
  context: NormaliseContext<unknown>;
}

function samples(): Sample[] {
  const files = ['facebook', 'instagram'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, FOLDER)).map((name) => readFileSync(new URL(`${folder}/${name}`, FOLDER))),
  );
  const items = files.flatMap(
    (body) => adapters.facebook!.receive!.unpack({ body, headers: {}, query: {} }) as RawItem[],
  );
  return items.map(({ adapter = '', account, raw }) => ({
    adapter: adapters[adapter]!,
    raw: String(raw),
    context: contextOf(account),
  }));
}

const contextOf = (account: string): NormaliseContext<unknown> => ({
  ...{ channel: { id: 'bench', account }, settings: { username: 'pemkab.contoh' }, receivedAt: new Date(0) },
  tokens: { verify: () => null },
});

async function normalised(ground: Ground): Promise<Figure> {
  const all = samples();
  const times = ground.quick ? 5 : 2_000;
  const rates = await alternate(ground, {
    ours: () => perSecond(all, times, ({ adapter, raw, context }) => adapter.normalise(raw, context)),
    json: () => perSecond(all, times, ({ raw }) => JSON.stringify(JSON.parse(raw))),
  });
  return ratioFigure(NORMALISE, rates.ours, rates.json, ground);
}

async function perSecond(all: readonly Sample[], times: number, work: (sample: Sample) => unknown): Promise<number> {
  const began = performance.now();
  for (let time = 0; time < times; time += 1) for (const sample of all) await work(sample);
  return (all.length * times * 1_000) / (performance.now() - began);
}
