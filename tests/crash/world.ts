import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, type FaultInput, startApp } from '../../simulators/app/index.ts';
import type { Mode } from '../helpers/application.ts';
import { type Processes, startProcesses } from './processes.ts';

export const MODES: readonly Mode[] = ['native', 'lookup', 'none'];

export interface WorldOptions {
  backend: 'postgres' | 'redis';
  /** What goes wrong at the applications. */
  faults?: FaultInput[];
  /** Sends at once, per channel and worker. */
  concurrency?: number;
}

/** A hub of separate processes on real servers, with one application per kind of receiver, all on this machine. */
export interface World extends Processes {
  signingSecret: string;
  apps: Record<Mode, App>;
}

export async function buildWorld(options: WorldOptions): Promise<World> {
  const signingSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const apps = await startApps(signingSecret, options.faults ?? []);
  const processes = await startProcesses({
    backend: options.backend,
    configure: (dir) => writeConfig(dir, apps, options.concurrency ?? 16),
    env: { HOOK_SECRET: signingSecret, APP_SIGNING: signingSecret, APP_TOKEN: 'app-token-crash' },
  });
  return {
    ...{ ...processes, signingSecret, apps },
    close: async () => {
      await processes.close();
      await Promise.all(Object.values(apps).map((app) => app.close()));
    },
  };
}

async function startApps(signingSecret: string, faults: FaultInput[]): Promise<Record<Mode, App>> {
  const entries = MODES.map(async (mode) => {
    const app = await startApp({ token: 'app-token-crash', signingSecret, idempotency: mode, faults });
    return [mode, app] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<Mode, App>;
}

/** Short times: what takes a minute in service must not take one here. The proportions are those of the defaults. */
async function writeConfig(dir: string, apps: Record<Mode, App>, concurrency: number): Promise<void> {
  await mkdir(join(dir, 'channels'), { recursive: true });
  await writeFile(
    join(dir, 'hub.yaml'),
    `site: { name: Kabupaten Contoh }
agencies: [{ id: diskominfo, name: Dinas Kominfo }]
endpoints:
  lapor: { adapter: webhook, settings: { secrets: ["\${HOOK_SECRET}"] } }
policies:
  settle: 0s
  receipt: { enabled: false }
  publish: { sendTimeout: 2s, lease: 4s, maxAttempts: 50 }
`,
  );
  for (const mode of MODES) {
    await writeFile(
      join(dir, 'channels', `${mode}.yaml`),
      `id: ${mode}
label: Penerima ${mode}
adapter: webhook
account: ${mode}
endpoint: lapor
agency: diskominfo
poll: false
publish: { concurrency: ${concurrency}, receipts: false, statuses: false }
settings:
  baseUrl: ${apps[mode].url}
  token: \${APP_TOKEN}
  signingSecret: \${APP_SIGNING}
  idempotency: ${mode}
`,
    );
  }
}
