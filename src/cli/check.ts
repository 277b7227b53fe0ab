import type { AnyAdapter, Health, Json } from '#contract';
import { diffSnapshots } from '../config/diff.ts';
import { type Channel, ConfigError, describeFault, type Fault, type LoadedConfig, loadConfig } from '../config/load.ts';

export interface CheckParts {
  configDir: string;
  adapters: Readonly<Record<string, AnyAdapter>>;
  out(text: string): void;
  /** What the running hub loaded last; asked only with `diff`. */
  lastSnapshot(): Promise<Json | undefined>;
  /** Asks a channel's platform; asked only with `live`, and only where the adapter can. Throws what is wrong. */
  probe(channel: Channel): Promise<Health>;
}

export interface CheckOptions {
  live: boolean;
  diff: boolean;
}

/** Prints every fault at once, then what `options` ask for. Is everything right? */
export async function checkConfig(parts: CheckParts, options: CheckOptions): Promise<boolean> {
  const config = await load(parts);
  if (!config) return false;
  const { hub, channels, broken, faults } = config;
  printFaults(parts, faults);
  parts.out(
    `${hub.site.name}: ${hub.agencies.length} instansi, ${channels.length} kanal baik, ${broken.length} kanal salah setelan\n`,
  );
  if (options.diff) await printDiff(parts, config);
  const alive = options.live ? await probeAll(parts, channels) : true;
  return faults.length === 0 && alive;
}

async function load(parts: CheckParts): Promise<LoadedConfig | undefined> {
  try {
    return await loadConfig(parts.configDir, parts.adapters);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    printFaults(parts, error.faults);
    parts.out('hub.yaml tidak dapat dipakai; hub tidak akan berjalan dengan konfigurasi ini\n');
    return undefined;
  }
}

function printFaults({ out }: CheckParts, faults: readonly Fault[]): void {
  for (const fault of faults) out(`${describeFault(fault)}\n`);
}

async function printDiff({ out, lastSnapshot }: CheckParts, config: LoadedConfig): Promise<void> {
  const changes = diffSnapshots(await lastSnapshot(), config.snapshot);
  out(changes.length ? 'Yang akan berubah:\n' : 'Sama dengan konfigurasi yang berjalan.\n');
  for (const change of changes) out(`  ${change}\n`);
}

/** All at once: a platform that does not answer must not keep the others waiting. */
async function probeAll(parts: CheckParts, channels: readonly Channel[]): Promise<boolean> {
  const results = await Promise.all(channels.map((channel) => probeOne(parts, channel)));
  for (const { line } of results) parts.out(`${line}\n`);
  return results.every(({ alive }) => alive);
}

async function probeOne(parts: CheckParts, channel: Channel): Promise<{ alive: boolean; line: string }> {
  if (!channel.enabled) return { alive: true, line: `${channel.id}: tidak diaktifkan` };
  if (channel.settings === undefined)
    return { alive: true, line: `${channel.id}: dikerjakan petugas (mode: assisted); tidak ada akses yang diperiksa` };
  if (!parts.adapters[channel.adapter]?.probe)
    return { alive: true, line: `${channel.id}: adapter ${channel.adapter} tidak dapat diperiksa dari sini` };
  try {
    const { detail, expiresAt } = await parts.probe(channel);
    const until = expiresAt ? `; berlaku sampai ${expiresAt.toISOString().slice(0, 10)}` : '';
    return { alive: true, line: `${channel.id}: baik. ${detail}${until}` };
  } catch (error) {
    return { alive: false, line: `${channel.id}: GAGAL. ${error instanceof Error ? error.message : String(error)}` };
  }
}
