import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '#contract';
import { canonical } from './canonical.ts';
import type { Channel } from './channel.ts';
import { type CheckedChannel, checkChannelFile } from './channelFile.ts';
import { type Adapters, checkHub } from './crossCheck.ts';
import { checkReceipt, refuseSecondDoor } from './door.ts';
import { ConfigError, type Fault } from './fault.ts';
import { type HubConfig, hubSchema } from './hub.ts';
import { checkNotices } from './notices.ts';
import { checkSchema } from './schemaFaults.ts';
import { parseYaml, type YamlFile } from './yamlFile.ts';

export type { Channel } from './channel.ts';
export { ConfigError, describeFault, type Fault } from './fault.ts';
export type { Agency, HubConfig, Rule } from './hub.ts';

/** A channel whose file cannot be used. It stops nobody else. */
export interface BrokenChannel {
  /** The name of its file. */
  id: string;
  file: string;
  faults: Fault[];
}

export interface LoadedConfig {
  hub: HubConfig;
  /** In the order of their files. */
  channels: Channel[];
  broken: BrokenChannel[];
  /** Those of the broken channels. */
  faults: Fault[];
  /** What the files say, in canonical order. No secrets (they are only `${NAME}`); broken files without their content. */
  snapshot: Json;
  /** SHA-256 of the snapshot, hex. */
  hash: string;
}

/**
 * Reads `hub.yaml` and `channels/*.yaml` and checks everything, each channel with its adapter's own schema.
 * Throws ConfigError, with the faults of all files, only when `hub.yaml` cannot be used. `names`: of all adapters there
 * are, where `adapters` holds some of them.
 */
export async function loadConfig(
  dir: string,
  adapters: Adapters,
  names: readonly string[] = Object.keys(adapters),
): Promise<LoadedConfig> {
  const hubFile = await readYaml(dir, 'hub.yaml');
  const { hub, faults } = checkHubFile(hubFile, adapters, names);
  const files = await Promise.all((await channelFiles(dir)).map((file) => readYaml(dir, file)));
  if (hub) faults.push(...checkNotices(hubFile, hub, files, adapters), ...checkReceipt(hubFile, hub, files, adapters));
  const channels = await Promise.all(files.map((yaml) => checkChannelFile(yaml, adapters, hub)));
  refuseTwins(channels);
  refuseSecondDoor(channels, adapters);
  const broken = channels.filter((checked) => checked.faults.length > 0);
  const channelFaults = broken.flatMap((checked) => checked.faults);
  if (!hub || faults.length) throw new ConfigError([...faults, ...channelFaults]);
  const snapshot = canonical({
    hub: hubFile.data,
    channels: Object.fromEntries(
      channels.map(({ id, yaml, faults }) => [id, faults.length ? 'misconfigured' : yaml.data]),
    ),
  });
  return {
    hub,
    channels: channels.flatMap(({ channel, faults }) => (channel && !faults.length ? [channel] : [])),
    broken: broken.map(({ id, yaml, faults }) => ({ id, file: yaml.file, faults })),
    faults: channelFaults,
    snapshot,
    hash: createHash('sha256').update(JSON.stringify(snapshot)).digest('hex'),
  };
}

async function readYaml(dir: string, file: string): Promise<YamlFile> {
  try {
    return parseYaml(file, await readFile(join(dir, file), 'utf8'));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    const message = `berkas tidak dapat dibaca (${reason}) di ${dir}; KANAL_CONFIG menunjuk foldernya`;
    const yaml = parseYaml(file, '');
    return { ...yaml, faults: [yaml.fault([], message)] };
  }
}

async function channelFiles(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, 'channels')).catch(() => []);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `channels/${name}`);
}

function checkHubFile(
  yaml: YamlFile,
  adapters: Adapters,
  names: readonly string[],
): { hub: HubConfig | undefined; faults: Fault[] } {
  if (yaml.faults.length) return { hub: undefined, faults: yaml.faults };
  const { data, faults } = checkSchema(yaml, hubSchema, yaml.data ?? {});
  return { hub: data, faults: data ? checkHub(yaml, data, adapters, names) : faults };
}

/** Two channels for one account would both take its items. The first in the order of the files stays. */
function refuseTwins(channels: CheckedChannel[]): void {
  const owners = new Map<string, string>();
  for (const { channel, yaml, faults } of channels) {
    if (!channel) continue;
    const key = JSON.stringify([channel.adapter, channel.account]);
    const owner = owners.get(key);
    if (owner)
      faults.push(yaml.fault(['account'], `akun ini sudah menjadi kanal di ${owner}; satu akun hanya satu kanal`));
    else owners.set(key, yaml.file);
  }
}
