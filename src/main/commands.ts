import { readFile, writeFile } from 'node:fs/promises';
import { checkConfig } from '../cli/check.ts';
import type { ChannelLine, Commands } from '../cli/commands.ts';
import { terminal } from '../cli/io.ts';
import { tryChannel } from '../cli/try.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { type Channel, type LoadedConfig, loadConfig } from '../config/load.ts';
import {
  type ChannelDraft,
  connects,
  draftChannel,
  isTaken,
  type NewChannel,
  offersOf,
  writeChannel,
} from '../config/newChannel.ts';
import type { Actor } from '../core/access.ts';
import { HEALTH_LABELS } from '../core/labels.ts';
import { verifyAudit } from '../flows/audit.ts';
import { channelContext } from '../flows/context.ts';
import { type FlowDeps, findChannel } from '../flows/deps.ts';
import { pause, pollNow, replay, resume } from '../flows/desk/channels.ts';
import { importChat } from '../flows/desk/imports/chat.ts';
import { importTable, type TableResult } from '../flows/desk/imports/table.ts';
import { createKey, createUser, grantRole, setNotices } from '../flows/desk/users.ts';
import { tryRules } from '../flows/rulesTry.ts';
import { secretContext } from '../platform/secrets.ts';
import { channelStates } from '../store/channels.ts';
import { lastSnapshot } from '../store/configLoads.ts';
import { writeSecret } from '../store/secrets.ts';
import { findUserByLogin } from '../store/users.ts';
import { connectChannel } from './connect.ts';
import { runDemo } from './demo.ts';
import { openFlows } from './flows.ts';
import { type Foundation, openFoundation, readConfig } from './foundation.ts';
import { type HubParts, startHub } from './hub.ts';
import { askedToStop } from './stop.ts';

/** The command line acts as the user that the first migration made for it. */
const COMMAND_LINE: Actor = {
  userId: '00000000-0000-0000-0000-000000000000',
  name: 'Baris perintah',
  grants: [{ role: 'system_admin', agencyId: null, unitId: null }],
  keyScope: { agencyId: null, unitId: null },
};

/** What each command of `kanal` does. */
export function createCommands(env: Environment = readEnvironment()): Commands {
  // A command that only does one thing has no news to log.
  const quiet = { ...env, logLevel: env.logLevel === 'info' ? 'warn' : env.logLevel } as const;
  const atDesk = <T>(work: (deps: FlowDeps) => Promise<T>) => withFlows(quiet, work);
  return {
    serve: () => run(env, { api: true, worker: true }),
    api: () => run(env, { api: true, worker: false }),
    worker: () => run(env, { api: false, worker: true }),
    demo: () => runDemo(env),
    migrate: () => withFoundation(quiet, async ({ migrated }) => migrated),
    check: (options) => check(quiet, options),
    setSecret: (name, value) => withFoundation(quiet, (foundation) => setSecret(foundation, name, value)),
    addUser: ({ login, name, grants }) =>
      atDesk(async (deps) => {
        const userId = await createUser(deps, { login, name });
        for (const grant of grants) await grantRole(deps, userId, grant);
      }),
    setNotices: (login, choice) =>
      atDesk(async (deps) => {
        const user = await findUserByLogin(deps.db, login);
        if (!user) throw new Error(`tidak ada pengguna "${login}"; buat dulu dengan: kanal user add ${login}`);
        await setNotices(deps, user.id, choice);
      }),
    addKey: ({ login, label, agency, unit }) =>
      atDesk(async (deps) => {
        const user = await findUserByLogin(deps.db, login);
        if (!user) throw new Error(`tidak ada pengguna "${login}"; buat dulu dengan: kanal user add ${login}`);
        const order = { userId: user.id, label, agencyId: agency, unitId: unit };
        return (await createKey(deps, order)).key;
      }),
    listChannels: () => atDesk(listChannels),
    tryChannel: (id, files) => tryOut(quiet, id, files),
    tryRules: (last) => atDesk((deps) => tryRules(deps, last)),
    importFile: (id, file, options) => atDesk((deps) => importFile(deps, id, file, options)),
    importChat: (id, file, options) =>
      atDesk(async (deps) => importChat(deps, COMMAND_LINE, { ...options, channel: id, bytes: await readFile(file) })),
    writeMend,
    pollChannel: (id) => atDesk((deps) => pollNow(deps, COMMAND_LINE, id)),
    pauseChannel: (id) => atDesk((deps) => pause(deps, COMMAND_LINE, id)),
    resumeChannel: (id) => atDesk((deps) => resume(deps, COMMAND_LINE, id)),
    ...newChannels(quiet),
    connectChannel: (id, options, talk) =>
      atDesk((deps) => connectChannel(deps, COMMAND_LINE, id, { ...options, publicUrl: env.publicUrl, talk })),
    probeChannel: (id) => atDesk((deps) => probeChannel(deps, id)),
    replayChannel: (id, range) => atDesk((deps) => replay(deps, COMMAND_LINE, id, range)),
    writeSchemas: async (folder) => (await import('../config/schema.ts')).writeSchemas(folder),
    verifyAudit: () => withFoundation(quiet, ({ db }) => verifyAudit(db)),
  };
}

const setSecret = ({ db, keyring }: Foundation, name: string, value: string): Promise<void> =>
  writeSecret(db, name, keyring.encrypt(Buffer.from(value), secretContext(name)));

/** Asking and checking needs no database; secrets are stored before the file names them. */
function newChannels(env: Environment) {
  const { configDir } = env;
  const registry = async () => (await import('../../adapters/index.ts')).adapters;
  return {
    channelOffers: async () => {
      const adapters = await registry();
      return { offers: offersOf(adapters), agencies: (await loadConfig(configDir, adapters)).hub.agencies };
    },
    isChannelTaken: (id: string) => isTaken(configDir, id),
    draftChannel: async (order: NewChannel) => {
      const adapters = await registry();
      const draft = await draftChannel(configDir, adapters, order);
      const adapter = offersOf(adapters).find(({ kind }) => kind === order.kind)?.adapter ?? '';
      return { ...draft, connects: connects(adapters[adapter], draft.text) };
    },
    saveChannel: async (draft: ChannelDraft, secrets: Readonly<Record<string, string>>) => {
      await withFoundation(env, async (foundation) => {
        for (const [name, value] of Object.entries(secrets)) await setSecret(foundation, name, value);
      });
      await writeChannel(configDir, draft);
    },
  };
}

/** Runs until the process is asked to stop, and has stopped. A second request ends it at once. */
async function run(env: Environment, parts: HubParts): Promise<void> {
  const foundation = await openFoundation(env);
  try {
    const hub = await startHub(foundation, await readConfig(foundation), parts);
    foundation.log.info({ url: hub.url, ...parts }, 'kanal aduan runs');
    await askedToStop();
    await hub.stop();
  } finally {
    await foundation.close();
  }
}

async function withFoundation<T>(env: Environment, work: (foundation: Foundation) => Promise<T>): Promise<T> {
  const foundation = await openFoundation(env);
  try {
    return await work(foundation);
  } finally {
    await foundation.close();
  }
}

function withFlows<T>(env: Environment, work: (deps: FlowDeps, config: LoadedConfig) => Promise<T>): Promise<T> {
  return withFoundation(env, async (foundation) => {
    const config = await readConfig(foundation);
    const { deps, close } = await openFlows(foundation, config);
    try {
      return await work(deps, config);
    } finally {
      await close();
    }
  });
}

/** A check alone needs no database: it must work before the first start. */
async function check(env: Environment, options: { live: boolean; diff: boolean }): Promise<boolean> {
  const { adapters } = await import('../../adapters/index.ts');
  const parts = { configDir: env.configDir, adapters, out: terminal.out };
  return checkConfig(
    {
      ...parts,
      lastSnapshot: () => withFoundation(env, ({ db }) => lastSnapshot(db)),
      probe: (channel) => withFlows(env, (deps) => probe(deps, channel)),
    },
    options,
  );
}

/** As little as a check needs: it is for channels that do not run yet. */
async function tryOut(env: Environment, id: string, files: readonly string[]): Promise<boolean> {
  const { adapters } = await import('../../adapters/index.ts');
  const config = await loadConfig(env.configDir, adapters);
  const samples = await Promise.all(files.map(async (name) => ({ name, bytes: await readFile(name) })));
  return tryChannel({ config, adapters, out: terminal.out, now: () => new Date() }, id, samples);
}

async function importFile(deps: FlowDeps, id: string, file: string, { dry }: { dry: boolean }): Promise<TableResult> {
  return importTable(deps, COMMAND_LINE, { channel: id, bytes: await readFile(file), dry });
}

/** Beside the file that it comes from; what stands there already is kept. */
async function writeMend(file: string, csv: string): Promise<string> {
  const name = `${file.replace(/\.(csv|xlsx|txt)$/i, '')}.salah.csv`;
  // It holds what citizens wrote.
  await writeFile(name, csv, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new Error(`${name} sudah ada; pindahkan dulu, lalu impor lagi: yang sudah masuk tidak masuk dua kali`);
  });
  return name;
}

async function probe(deps: FlowDeps, channel: Channel) {
  const context = channelContext(deps, channel, { signal: AbortSignal.timeout(20_000) });
  return deps.adapters[channel.adapter]!.probe!(context);
}

async function probeChannel(deps: FlowDeps, id: string) {
  const channel = findChannel(deps.config, id);
  if (!channel) throw new Error(`tidak ada kanal "${id}" yang baik dan diaktifkan; periksa dengan: kanal check`);
  if (!deps.adapters[channel.adapter]?.probe) return null;
  const { detail, warnings = [] } = await probe(deps, channel);
  return { detail, warnings };
}

async function listChannels(deps: FlowDeps): Promise<ChannelLine[]> {
  const states = new Map((await channelStates(deps.db)).map((state) => [state.channel_id, state]));
  const line = (id: string, about: { label: string; adapter: string }, fallback?: string): ChannelLine => {
    const state = states.get(id);
    const detail = state?.health_reason ?? fallback;
    return {
      id,
      ...about,
      health: HEALTH_LABELS[state?.paused_at ? 'paused' : (state?.health ?? 'ok')],
      ...(detail ? { detail } : {}),
    };
  };
  return [
    ...deps.config.channels.map((channel) => line(channel.id, channel)),
    ...deps.config.broken.map(({ id, file, faults }) =>
      line(id, { label: file, adapter: '?' }, faults.map((fault) => fault.message).join('; ')),
    ),
  ];
}
