import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONNECTION_KEY } from '#contract';
import { startYoutube, type Youtube } from '../../simulators/youtube/index.ts';
import { createKeyring, newMasterKey } from '../../src/platform/keyring.ts';
import { channelStore } from '../../src/store/channelValues.ts';
import { folder } from '../config/folder.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { eventually } from '../helpers/eventually.ts';
import { atConsentScreen } from './browser.ts';

const BIN = new URL('../../bin/kanal.js', import.meta.url).pathname;
const ACCOUNT = 'UCcontohkab0000000000001';
const HUB = 'site: { name: Kabupaten Uji }\nagencies: [{ id: dinkes, name: Dinas Kesehatan }]\n';

let youtube: Youtube;
let database: TestDatabase;
let data: string;
/** The channel's file, once it is connected. */
let connected: string;
const started: ChildProcess[] = [];
const key = newMasterKey();
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'kanal-connect-'));
  connected = join(data, 'youtube.yaml');
  database = await testDatabase();
  youtube = await startYoutube({
    channel: ACCOUNT,
    clientSecret: 'rahasia-klien-google',
    refreshToken: '1//lama-sekali',
  });
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await youtube.close();
  await database.close();
  await rm(data, { recursive: true, force: true });
});

/** `kanal` as people run it, without a terminal. */
function kanal(config: string, args: string[], typed: string[] = []) {
  const env = {
    ...{ PATH: process.env.PATH, KANAL_CONFIG: config, KANAL_DATA: data, DATABASE_URL: database.url },
    ...{ KANAL_MASTER_KEY: key, TERM: 'dumb' },
  };
  const child = spawn(process.execPath, [BIN, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more));
  child.stdin.end(typed.map((line) => `${line}\n`).join(''));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  return { printed: () => text, ended };
}

it('a channel is added, connected by a browser on this machine, and then answers its check', async () => {
  const config = await folder({ 'hub.yaml': HUB });
  const typed = [
    'youtube',
    'YouTube',
    ACCOUNT,
    '1234-contoh.apps.googleusercontent.com',
    'rahasia-klien-google',
    'dinkes',
  ];
  const adding = kanal(config, ['channel', 'add'], typed);
  expect([await adding.ended, adding.printed()]).toEqual([0, expect.stringContaining('channels/youtube.yaml ditulis')]);
  const file = join(config, 'channels/youtube.yaml');
  const text = await readFile(file, 'utf8');
  expect(text + adding.printed()).not.toContain('rahasia-klien-google');
  const { url } = youtube;
  await writeFile(file, `${text}  apiBase: ${url}\n  tokenUrl: ${url}/token\n  authorizeUrl: ${url}/auth\n`);

  const connecting = kanal(config, ['channel', 'connect', 'youtube', '--port', '0']);
  const screen = await eventually(() => {
    const found = /^ {2}(http:\S+\/auth\?\S+)$/m.exec(connecting.printed())?.[1];
    if (!found) throw new Error(connecting.printed());
    return found;
  });
  const back = await atConsentScreen(screen);
  const strange = new URL(back);
  strange.searchParams.set('state', 'dari-orang-lain');
  expect((await fetch(strange)).status).toBe(400);
  expect(await (await fetch(back)).text()).toContain('Selesai');
  expect(await connecting.ended).toBe(0);
  expect(connecting.printed()).toMatch(/Terhubung sebagai Kabupaten Contoh.*youtube\.force-ssl.*Diperiksa: baik\./s);
  expect(connecting.printed()).not.toMatch(/ya29|1\/\/sim/);

  await cp(file, connected);
  const checking = kanal(config, ['check', '--live']);
  expect(await checking.ended).toBe(0);
  expect(checking.printed()).toContain('youtube: baik.');
}, 60_000);

it('two processes that find the token old leave one valid pair', async () => {
  const config = await folder({ 'hub.yaml': HUB, 'channels/youtube.yaml': await readFile(connected, 'utf8') });
  const store = channelStore(database.db, createKeyring(key), 'youtube');
  await store.update(CONNECTION_KEY, async (old) => ({ ...(old as object), until: new Date(0).toISOString() }));
  const before = youtube.tokens.given;
  const both = [kanal(config, ['check', '--live']), kanal(config, ['check', '--live'])];
  for (const one of both)
    expect([await one.ended, one.printed()]).toEqual([0, expect.stringContaining('youtube: baik.')]);
  expect(youtube.tokens.given - before).toBe(1);
}, 60_000);

it('a pasted refusal ends with what is to be mended, and exit code 1', async () => {
  const { url } = youtube;
  const settings = `clientId: "1234"\n  clientSecret: \${X}\n  apiBase: ${url}\n  authorizeUrl: ${url}/auth`;
  const text = `id: yt\nlabel: YT\nadapter: youtube\naccount: UCx\nsettings:\n  ${settings}\n`;
  const config = await folder({ 'hub.yaml': HUB, 'channels/yt.yaml': text });
  const { ended, printed } = kanal(config, ['channel', 'connect', 'yt', '--paste'], ['Error 401: invalid_client']);
  expect(await ended).toBe(1);
  expect(printed()).toContain('Periksa clientId');
}, 30_000);
