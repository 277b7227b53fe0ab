import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePort } from '../../platform/postgres/port.ts';
import { secretContext } from '../../platform/secrets.ts';
import { writeSecret } from '../../store/secrets.ts';
import { type Foundation, readConfig } from '../foundation.ts';
import { type RunningHub, startHub } from '../hub.ts';
import { type Application, type Helper, type MailServer, startApplication, startMailServer } from './application.ts';
import { type ByHand, enterLaporgub, handYaml } from './byHand.ts';
import { ENDPOINT, MAILBOX, SECRETS, writeConfig } from './config.ts';
import { type DemoFile, writeDemoFile } from './known.ts';
import { NETWORK_SECRETS, type NetworkSecrets, type Networks, networkYaml, portOf, startNetworks } from './networks.ts';
import { createPeople } from './people.ts';
import { type Portals, portalYaml, startPortals } from './portals.ts';
import { countInbox, waitForComplaints } from './ready.ts';
import { curlLines, screen } from './screen.ts';
import { type Social, socialYaml, startSocial } from './social.ts';

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
const FIRST_MAILS = 5;
const NETWORK_PACE = { everyMs: NEWS_EVERY_MS * 3, editAfterMs: 5_000 };

/** Starts hub, application and mail server, shows what can be done, and ends them when asked to. */
export async function play(stage: Stage): Promise<void> {
  const { foundation, known } = stage;
  const appPort = await choosePort(portOf(known.appUrl));
  const secrets = await newSecrets(foundation);
  const mail = await startPost(stage, secrets.mail);
  let hub: RunningHub | undefined;
  let app: Application | undefined;
  let social: Social | undefined;
  let portals: Portals | undefined;
  let networks: Networks | undefined;
  try {
    // Before the hub, which looks after its accounts as soon as it runs.
    const started = Promise.all([
      startFeeds(stage, secrets),
      startOffices(stage, secrets),
      startNetworks(foundation.env.dataDir, { known: known.networks, secrets, ...NETWORK_PACE }),
    ]);
    [social, portals, networks] = await started;
    const own = { ...socialYaml(social.ready.url), ...networkYaml(networks.ready) };
    const byHand = handYaml(addressOf(foundation.env));
    const channels = { ...own, ...byHand, ...(await portalYaml(portals.ready.urls)) };
    await writeConfig(foundation.env.configDir, `http://127.0.0.1:${appPort}`, mail.ready, channels);
    hub = await startHub(foundation, await readConfig(foundation), { api: true, worker: true });
    app = await startCitizens(foundation, appPort, secrets);
    await untilAsked(stage, hub, { app, mail, social, portals, networks });
  } finally {
    // The hub first: what it is just publishing still arrives.
    await hub?.stop();
    await Promise.all([app?.stop(), mail.stop(), social?.stop(), portals?.stop(), networks?.stop()]);
  }
}

/** It forgets its mails at its end; those who wrote in an earlier demo do not write the same again. */
async function startPost({ foundation, known }: Stage, password: string): Promise<MailServer> {
  const pagePort = await choosePort(portOf(known.mailUrl));
  return startMailServer(join(foundation.env.dataDir, 'mail.options.json'), {
    ...{ pagePort, imapPort: 0, smtpPort: 0, user: MAILBOX, password },
    feed: { first: known.mailUrl ? 1 : FIRST_MAILS, everyMs: NEWS_EVERY_MS * 3 },
  });
}

/** What stands there is kept: on the port of an earlier start it is found again. */
async function startFeeds({ foundation: { env }, known }: Stage, secrets: Secrets): Promise<Social> {
  const port = await choosePort(portOf(known.socialUrl));
  return startSocial(env.dataDir, { port, hubUrl: addressOf(env), secrets, everyMs: NEWS_EVERY_MS });
}

async function startOffices({ foundation: { env }, known }: Stage, secrets: Secrets): Promise<Portals> {
  const laporbup = await choosePort(portOf(known.portalUrl));
  const ports: [number, number] = [laporbup, await choosePort(portOf(known.sp4nUrl))];
  return startPortals(env.dataDir, { ports, secrets, everyMs: NEWS_EVERY_MS * 2 });
}

interface Helpers {
  app: Application;
  mail: MailServer;
  social: Social;
  portals: Portals;
  networks: Networks;
}

type Secrets = Record<keyof typeof SECRETS, string>;

/** New ones at every start, so none has to be kept readable anywhere. */
async function newSecrets({ db, keyring }: Foundation): Promise<Secrets> {
  const signing = () => `whsec_${randomBytes(32).toString('base64')}`;
  const random = () => randomBytes(24).toString('base64url');
  const meta = { metaApp: random(), metaVerify: random(), metaToken: random(), phoneToken: random() };
  const portals = { laporbup: random(), sp4nKey: random(), sp4nToken: random() };
  const networks = Object.fromEntries(NETWORK_SECRETS.map((name) => [name, random()])) as NetworkSecrets;
  const values = {
    hook: signing(),
    token: random(),
    signing: signing(),
    mail: random(),
    ...meta,
    ...portals,
    ...networks,
  };
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

function startCitizens({ env }: Foundation, port: number, secrets: Secrets): Promise<Application> {
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

async function untilAsked(stage: Stage, hub: RunningHub, helpers: Helpers): Promise<void> {
  const ended = new AbortController();
  const end = Promise.race([
    stage.asked.then(() => 'asked'),
    ...Object.values<Helper<unknown>>({ ...helpers }).map(({ gone }) => gone.then(() => 'gone')),
  ]);
  try {
    await Promise.race([show(stage, hub, helpers, ended.signal), end]);
    if ((await end) === 'asked') return;
    // A Ctrl-C reaches all processes; one of the others may just have been faster.
    const wished = await Promise.race([stage.asked.then(() => true), sleep(500, false)]);
    if (!wished) throw new Error('aplikasi contoh berhenti sendiri; jalankan demo lagi (the application ended)');
  } finally {
    ended.abort();
  }
}

/** Waits until there is something to see, then prints it. */
async function show(stage: Stage, { deps }: RunningHub, helpers: Helpers, signal: AbortSignal): Promise<void> {
  const { app, mail, social, portals, networks } = helpers;
  const { foundation, file, known, out } = stage;
  const { officer, approver } = await createPeople(deps, known);
  const byHand: ByHand = await enterLaporgub(deps, officer.actor);
  const subjects = await waitForComplaints(deps, officer.actor, signal);
  const [url, appUrl, mailUrl] = [addressOf(foundation.env), app.ready.url, mail.ready.url];
  const socialUrl = social.ready.url;
  const [portalUrl, sp4nUrl] = portals.ready.urls;
  const shown = {
    ...{
      url,
      appUrl,
      mailUrl,
      socialUrl,
      portalUrl,
      sp4nUrl,
      apiKey: officer.key,
      file,
      complaint: subjects.report,
      mail: subjects.mail,
      review: subjects.review,
      byHand,
      networks: networks.ready,
    },
    count: await countInbox(deps, officer.actor),
  };
  await writeDemoFile(file, {
    ...{ url, docsUrl: `${url}/docs`, appUrl, mailUrl, socialUrl, portalUrl, sp4nUrl, apiKey: officer.key },
    ...{ approverKey: approver.key, complaintId: subjects.report.id, curl: curlLines(shown) },
    ...{ pid: process.pid, appPid: app.pid, mailPid: mail.pid, socialPid: social.pid, portalPid: portals.pid },
    ...{ networks: networks.ready, networksPid: networks.pid },
  });
  out(screen(shown));
}
