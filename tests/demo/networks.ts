import { expect } from 'vitest';
import type { DemoFile } from '../../src/main/demo/known.ts';
import { eventually } from '../helpers/eventually.ts';
import { paste } from './process.ts';

interface Row {
  id: string;
  state: string;
  excerpt: string;
}
type Landed = { text?: string; comment?: string }[];
interface Published {
  landed?: Landed;
  /** What a gateway calls it. */
  went?: Landed;
  doubled: object[];
}
interface Channel {
  id: string;
  health: { state: string };
}

/** What a citizen wrote first at each. */
const WRITTEN = {
  'ulasan-google': ['google', 'Parkir sempit'],
  youtube: ['youtube', 'jadwal angkut sampah'],
  x: ['x', 'lampu jalan depan pasar'],
  tiktok: ['tiktok', 'Antre di RSUD'],
  sms: ['sms', 'jadwal KTP keliling'],
} as const;

const pageOf = async (url: string): Promise<string> => (await fetch(url)).text();
const countOf = (page: string, text: string): number => page.split(text).length - 1;

async function call<T>({ url, apiKey }: DemoFile, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) };
  const given = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
  const response = await fetch(`${url}/api/v1${path}`, given);
  const text = await response.text();
  expect(response.ok, `${path}: ${text}`).toBe(true);
  return JSON.parse(text) as T;
}

/** Answers one citizen at each of the five, and waits until all see it. Gives the texts. */
export async function answerNetworks(file: DemoFile): Promise<Record<keyof DemoFile['networks'], string>> {
  const answered = Object.entries(WRITTEN).map(async ([channel, [network, words]]) => {
    const row = await eventually(async () => {
      const { items } = await call<{ items: Row[] }>(file, `/complaints?channel=${channel}&limit=50`);
      const found = items.find((one) => one.excerpt.includes(words));
      expect(found, channel).toBeDefined();
      return found!;
    });
    if (row.state === 'new') await call(file, `/complaints/${row.id}/accept`, { agency: 'diskominfo' });
    const text = `Kami tindak lanjuti hari ini, jawab petugas di ${network}.`;
    await call(file, `/complaints/${row.id}/drafts`, { text, submit: true });
    await eventually(async () => expect(countOf(await pageOf(file.networks[network]), text), channel).toBe(1));
    return [network, text] as const;
  });
  return Object.fromEntries(await Promise.all(answered)) as Record<keyof DemoFile['networks'], string>;
}

/** Pastes the lines of the review's story as it goes on. Gives both answers. */
export async function tellReview({ curl, networks: { google } }: DemoFile): Promise<[string, string]> {
  const [accept = '', first = '', second = ''] = curl.slice(5);
  const [one = '', two = ''] = [first, second].map((line) => /"text":"([^"]+)"/.exec(line)?.[1]);
  await paste(accept);
  await paste(first);
  await eventually(async () => expect(countOf(await pageOf(google), one)).toBe(1));
  await eventually(async () => expect(await pageOf(google)).toContain('Sudah dijawab, tetapi hari ini'));
  await paste(second);
  // One reply: the new answer, and the first below it.
  const reply = new RegExp(`<section>(?:(?!</section>).)*${two}\\s+Jawaban sebelumnya[^<]*${one}</p></section>`, 's');
  await eventually(async () => expect(await pageOf(google)).toMatch(reply));
  return [one, two];
}

/** The answers that were given before stand there once, and nothing came twice; the channels go on. */
export async function stillOnce(file: DemoFile, answers: Record<string, string>, review: [string, string]) {
  await eventually(async () => {
    const { items } = await call<{ items: Channel[] }>(file, '/channels');
    const ours = items.filter(({ id }) => id in WRITTEN);
    expect(ours.map(({ health }) => health.state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });
  for (const [network, url] of Object.entries(file.networks)) {
    const texts = [answers[network]!, ...(network === 'google' ? review : [])];
    const page = await pageOf(url);
    for (const text of texts) expect(countOf(page, text), `${network}: ${text}`).toBe(1);
    const { went = [], landed = went, doubled } = JSON.parse(await pageOf(`${url}/_published`)) as Published;
    // Beside them only the receipt of a direct message.
    const ours = landed.filter(({ text = '', comment = text }) => texts.some((one) => comment.includes(one)));
    expect([ours.length, doubled], network).toEqual([texts.length, []]);
  }
}
