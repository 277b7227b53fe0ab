import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePort } from '../../platform/postgres/port.ts';
import { secretContext } from '../../platform/secrets.ts';
import { writeSecret } from '../../store/secrets.ts';
import { type Foundation, readConfig } from '../foundation.ts';
import { type RunningHub, startHub } from '../hub.ts';
import { type Application, startApplication } from './application.ts';
import { ENDPOINT, SECRETS, writeConfig } from './config.ts';
import { type DemoFile, writeDemoFile } from './known.ts';
import { createPeople } from './people.ts';
import { countInbox, waitForComplaint } from './ready.ts';
import { curlLines, screen } from './screen.ts';

export interface Stage {
  foundation: Foundation;
  /** `demo.json`. */
  file: string;
  /** What it held. */
  known: Partial<DemoFile>;
  out(text: string): void;
  /** Resolves when the demo shall end. */
  asked: Promise<void>;
}

const NEWS_EVERY_MS = 20_000;

/** Starts hub and application, shows what can be done, and ends both when asked to. */
export async function play(stage: Stage): Promise<void> {
  const { foundation, known } = stage;
  const appPort = await choosePort(portOf(known.appUrl));
  await writeConfig(foundation.env.configDir, `http://127.0.0.1:${appPort}`);
  const secrets = await newSecrets(foundation);
  const hub = await startHub(foundation, await readConfig(foundation.env), { api: true, worker: true });
  let app: Application | undefined;
  try {
    app = await startCitizens(foundation, appPort, secrets);
    await untilAsked(stage, hub, app);
  } finally {
    // The hub first: what it is just publishing still arrives.
    await hub.stop();
    await app?.stop();
  }
}

function portOf(url: string | undefined): number | undefined {
  return url && URL.canParse(url) ? Number(new URL(url).port) || undefined : undefined;
}

/** New ones at every start, so none has to be kept readable anywhere. */
async function newSecrets({ db, keyring }: Foundation): Promise<Record<keyof typeof SECRETS, string>> {
  const signing = () => `whsec_${randomBytes(32).toString('base64')}`;
  const values = { hook: signing(), token: randomBytes(24).toString('base64url'), signing: signing() };
  for (const [role, name] of Object.entries(SECRETS)) {
    const value = Buffer.from(values[role as keyof typeof SECRETS]);
    await writeSecret(db, name, keyring.encrypt(value, secretContext(name)));
  }
  return values;
}

/** Where programs on this machine reach the hub. */
function addressOf({ host, port }: Foundation['env']): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function startCitizens(
  { env }: Foundation,
  port: number,
  secrets: Record<keyof typeof SECRETS, string>,
): Promise<Application> {
  return startApplication(join(env.dataDir, 'app.options.json'), {
    port,
    token: secrets.token,
    signingSecret: secrets.signing,
    hub: { url: addressOf(env), endpoint: ENDPOINT, secret: secrets.hook },
    echo: true,
    journal: join(env.dataDir, 'app.journal.jsonl'),
    feed: { everyMs: NEWS_EVERY_MS },
  });
}

async function untilAsked(stage: Stage, hub: RunningHub, app: Application): Promise<void> {
  const ended = new AbortController();
  const end = Promise.race([stage.asked.then(() => 'asked'), app.gone.then(() => 'gone')]);
  try {
    await Promise.race([show(stage, hub, app, ended.signal), end]);
    if ((await end) === 'asked') return;
    // A Ctrl-C reaches both processes; the application may just have been faster.
    const wished = await Promise.race([stage.asked.then(() => true), sleep(500, false)]);
    if (!wished) throw new Error('aplikasi contoh berhenti sendiri; jalankan demo lagi (the application ended)');
  } finally {
    ended.abort();
  }
}

/** Waits until there is something to see, then prints it. */
async function show(stage: Stage, { deps }: RunningHub, app: Application, signal: AbortSignal): Promise<void> {
  const { foundation, file, known, out } = stage;
  const { officer, approver } = await createPeople(deps, known);
  const complaint = await waitForComplaint(deps, officer.actor, signal);
  const [url, appUrl, apiKey] = [addressOf(foundation.env), app.url, officer.key];
  const shown = { url, appUrl, apiKey, file, complaint, count: await countInbox(deps, officer.actor) };
  await writeDemoFile(file, {
    ...{ url, docsUrl: `${url}/docs`, appUrl, apiKey },
    ...{ approverKey: approver.key, complaintId: complaint.id, curl: curlLines(shown) },
    ...{ pid: process.pid, appPid: app.pid },
  });
  out(screen(shown));
}
