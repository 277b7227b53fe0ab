import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Filed } from '../citizens.ts';
import type { PlatformWorld } from '../platform.ts';
import { startProcesses } from '../processes.ts';

/** Of each hundred sends, five are taken and then hung up on, five taken and answered 500, five turned away as too fast. */
export const faultsOn = (on: string) => [
  ...(['hangup', 'error', 'throttle'] as const).map((what) => ({ do: what, on, ratio: 0.05 })),
  { do: 'delay' as const, on, ms: 150 },
];

export interface ChannelFile {
  id: string;
  adapter: string;
  account: string;
  /** Lines below `settings:`, without their indent. */
  settings: string[];
}

/** One platform that fails as the real one may, and a channel there. */
export interface Part {
  channel: ChannelFile;
  env: Record<string, string>;
  ask(each: number): Filed[];
  published(): ReturnType<PlatformWorld['published']>;
  textFor?(report: Filed): string;
  close(): Promise<void>;
}

/** One hub with a channel at each of these platforms. */
export const worldOf =
  (...starts: (() => Promise<Part>)[]) =>
  async (backend: 'postgres' | 'redis'): Promise<PlatformWorld> => {
    const parts = await Promise.all(starts.map((start) => start()));
    const env = Object.assign({}, ...parts.map((part) => part.env)) as Record<string, string>;
    const configure = (dir: string) =>
      writeConfig(
        dir,
        parts.map(({ channel }) => channel),
      );
    const processes = await startProcesses({ backend, configure, env });
    const partOf = ({ channel }: Filed) => parts.find((part) => part.channel.id === channel);
    return {
      ...processes,
      ask: async (each) => parts.flatMap((part) => part.ask(each)),
      textFor: (report) => partOf(report)?.textFor?.(report) ?? `Sudah kami perbaiki (${report.objectId}).`,
      published() {
        const all = parts.map((part) => part.published());
        return { landed: all.flatMap(({ landed }) => landed), doubled: all.flatMap(({ doubled }) => doubled) };
      },
      close: async () => {
        await processes.close();
        await Promise.all(parts.map((part) => part.close()));
      },
    };
  };

/** Channels that are polled every second. Short times: what takes minutes in service must not take them here. */
async function writeConfig(dir: string, channels: readonly ChannelFile[]): Promise<void> {
  await mkdir(join(dir, 'channels'), { recursive: true });
  const hub = `site: { name: Kabupaten Contoh }
agencies: [{ id: diskominfo, name: Dinas Kominfo }]
routing:
  - { when: {}, then: { accept: true } }
policies:
  settle: 0s
  receipt: { enabled: false }
  publish: { sendTimeout: 2s, lease: 4s, maxAttempts: 50 }
`;
  await writeFile(join(dir, 'hub.yaml'), hub);
  for (const one of channels) await writeFile(join(dir, 'channels', `${one.id}.yaml`), channelYaml(one));
}

const channelYaml = ({ id, adapter, account, settings }: ChannelFile): string => `id: ${id}
label: Kanal ${id}
adapter: ${adapter}
account: "${account}"
agency: diskominfo
poll: { every: 1s }
publish: { concurrency: 8, receipts: false, statuses: false, sendTimeout: 2s }
settings:
${settings.map((line) => `  ${line}`).join('\n')}
`;
