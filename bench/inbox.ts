import { randomBytes } from 'node:crypto';
import { Agent, get } from 'node:http';
import { sha256 } from '../src/core/sealed.ts';
import { newId } from '../src/store/database.ts';
import { ensureData, LARGEST, MIDDLE } from './data.ts';
import { startKanal } from './lib/child.ts';
import { writeConfig } from './lib/config.ts';
import { ceilingFigure, type Figure, percentile, VoidFigure } from './lib/figure.ts';
import { type Ground, withClient } from './lib/ground.ts';
import { ONE_COMMON, ONE_RARE, TWO_COMMON } from './lib/words.ts';

const LOGIN = 'bench';
const REQUESTS = 500;
const WARM_UP = 50;

interface Question {
  bench: string;
  what: string;
  /** null: all agencies. */
  agency: string | null;
  query: string;
}

const search = (words: string) => `?q=${encodeURIComponent(words)}`;
const QUESTIONS: Question[] = [
  { bench: 'd-inbox', what: "the inbox's first page, all agencies", agency: null, query: '' },
  { bench: 'd-inbox-agency', what: "the inbox's first page, one agency", agency: LARGEST, query: '' },
  { bench: 'd-search', what: 'two common words, largest agency', agency: LARGEST, query: search(TWO_COMMON) },
  { bench: 'd-search-one', what: 'one common word, largest agency', agency: LARGEST, query: search(ONE_COMMON) },
  { bench: 'd-search-rare', what: 'one rare word, largest agency', agency: LARGEST, query: search(ONE_RARE) },
  { bench: 'd-search-middle', what: 'two common words, an average agency', agency: MIDDLE, query: search(TWO_COMMON) },
];

/** (d) The inbox and the search through the API at a million complaints, one request at a time, with real keys. */
export async function inbox(ground: Ground): Promise<Figure[]> {
  await writeConfig(ground);
  const count = await ensureData(ground, ground.quick ? 2_000 : 1_000_000);
  await addUser(ground);
  const api = await startKanal(ground, 'api', ground.url);
  try {
    const figures: Figure[] = [];
    for (const question of QUESTIONS) figures.push(await ask(ground, api.url, count, question));
    return figures;
  } finally {
    await api.stop();
    await removeUser(ground);
  }
}

async function ask(ground: Ground, url: string, count: number, question: Question): Promise<Figure> {
  const requests = ground.quick ? 20 : REQUESTS;
  const p95: number[] = [];
  let items = 0;
  for (let round = 1; round <= ground.rounds; round += 1) {
    // A key of its own each round: one key may ask 600 times a minute.
    const one = client(`${url}/api/v1/complaints${question.query}`, await addKey(ground, question.agency));
    for (let n = 0; n < WARM_UP; n += 1) await one();
    const took: number[] = [];
    for (let n = 0; n < requests; n += 1) {
      const answer = await one();
      took.push(answer.ms);
      items = answer.items;
    }
    p95.push(percentile(took, 0.95));
    ground.say(
      `  round ${round} ${question.bench}: p95 ${p95.at(-1)!.toFixed(1)} ms, median ${percentile(took, 0.5).toFixed(1)} ms`,
    );
  }
  const what = `${question.what}, at ${count} complaints, p95 of ${requests} requests`;
  const about = { bench: question.bench, what, unit: 'ms', floor: 20, goal: 10, note: `${items} items on the page` };
  return ceilingFigure(about, p95, ground);
}

/** One kept-alive connection; each call is one request, read whole and checked. */
function client(url: string, key: string): () => Promise<{ ms: number; items: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { authorization: `Bearer ${key}` };
  return () =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      get(url, { agent, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => {
          const ms = performance.now() - began;
          const text = Buffer.concat(parts).toString('utf8');
          if (answer.statusCode !== 200) reject(new VoidFigure(`${url} answered ${answer.statusCode}: ${text}`));
          else resolve({ ms, items: (JSON.parse(text) as { items: unknown[] }).items.length });
        });
      }).on('error', reject);
    });
}

async function addUser(ground: Ground): Promise<void> {
  await removeUser(ground);
  await withClient(ground.url, async (client) => {
    await client.query(`insert into app_user (id, login, name) values ($1, '${LOGIN}', 'Bench')`, [newId()]);
    await client.query(
      `insert into role_grant (user_id, role) select id, 'central_admin' from app_user where login = '${LOGIN}'`,
    );
  });
}

async function addKey(ground: Ground, agency: string | null): Promise<string> {
  const key = `ka_${randomBytes(32).toString('base64url')}`;
  await withClient(ground.url, (client) =>
    client.query(
      `insert into api_key (id, user_id, label, hash, agency_id)
      select $1, id, 'bench', $2, $3 from app_user where login = '${LOGIN}'`,
      [newId(), sha256(key), agency],
    ),
  );
  return key;
}

async function removeUser(ground: Ground): Promise<void> {
  const theirs = `user_id in (select id from app_user where login = '${LOGIN}')`;
  await withClient(ground.url, async (client) => {
    for (const table of ['api_key', 'role_grant']) await client.query(`delete from ${table} where ${theirs}`);
    await client.query(`delete from app_user where login = '${LOGIN}'`);
  });
}
