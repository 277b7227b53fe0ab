import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AnyAdapter, Json, Setup } from '#contract';
import { checkChannelFile } from './channelFile.ts';
import { type Adapters, servesOf } from './crossCheck.ts';
import { describeFault } from './fault.ts';
import { type LoadedConfig, loadConfig } from './load.ts';
import { parseYaml } from './yamlFile.ts';

/** A way to begin a channel, as the adapters offer it. */
export interface Offer extends Setup {
  adapter: string;
}

export interface NewChannel {
  kind: string;
  id: string;
  label: string;
  account: string;
  agency?: string | undefined;
  endpoint?: string | undefined;
  /** By the key of the question. Empty ones are left out. */
  answers: Readonly<Record<string, string>>;
  /** By the key of the question: the name of the secret, never its value. */
  secrets: Readonly<Record<string, string>>;
}

/** A file that is not written yet. */
export interface ChannelDraft {
  /** Relative to the configuration folder. */
  file: string;
  text: string;
  /** What is wrong with it, one line each; empty: it can be written. */
  faults: string[];
}

export const offersOf = (adapters: Adapters): Offer[] =>
  Object.values(adapters).flatMap((adapter) => (adapter.setup ?? []).map((one) => ({ ...one, adapter: adapter.name })));

/** `TikTok Pemkab` to `tiktok-pemkab`; empty where nothing of it can stay. */
export const idFor = (label: string): string =>
  label
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');

/** `TIKTOK_PEMKAB_CLIENT_SECRET` of the channel's id and the question. */
export function secretFor(id: string, key: string): string {
  const name = `${id}_${key.replace(/([a-z0-9])([A-Z])/g, '$1_$2')}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return (/^[A-Z]/.test(name) ? name : `K_${name}`).slice(0, 64);
}

const pathOf = (id: string): string => `channels/${id}.yaml`;

/** Is there a file of this name? It is never written over. */
export async function isTaken(configDir: string, id: string): Promise<boolean> {
  for (const file of [pathOf(id), `channels/${id}.yml`]) {
    const found = await access(join(configDir, file)).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

/** The file as it would be, checked as `kanal check` does. Writes nothing. Throws ConfigError for a broken hub.yaml. */
export async function draftChannel(configDir: string, adapters: Adapters, order: NewChannel): Promise<ChannelDraft> {
  const offer = offersOf(adapters).find(({ kind }) => kind === order.kind);
  if (!offer) throw new Error(`tidak ada jenis kanal "${order.kind}"`);
  const config = await loadConfig(configDir, adapters);
  const file = pathOf(order.id);
  const text = textOf(offer, order, endpointFor(config, adapters, order, offer.adapter));
  const checked = await checkChannelFile(parseYaml(file, text), adapters, config.hub);
  const twin = config.channels.find((one) => one.adapter === offer.adapter && one.account === order.account);
  const taken = (await isTaken(configDir, order.id)) ? [`${file} sudah ada dan tidak ditimpa; pilih nama lain`] : [];
  const twins = twin ? [`akun ini sudah menjadi kanal di ${twin.file}; satu akun hanya satu kanal`] : [];
  return { file, text, faults: [...taken, ...twins, ...checked.faults.map(describeFault)] };
}

/** The one endpoint that can deliver to it, where there is just one. */
function endpointFor({ hub }: LoadedConfig, adapters: Adapters, { endpoint }: NewChannel, adapter: string) {
  if (endpoint !== undefined) return endpoint;
  const usable = Object.keys(hub.endpoints).filter((name) => servesOf({ hub, adapters }, name, adapter));
  return usable.length === 1 ? usable[0] : undefined;
}

function textOf(offer: Offer, order: NewChannel, endpoint: string | undefined): string {
  const given = Object.entries(order.answers).filter(([, answer]) => answer !== '');
  const secrets = Object.entries(order.secrets).map(([key, name]) => [key, `\${${name}}`]);
  const answers: Record<string, string> = Object.fromEntries([...given, ...secrets]);
  const settings: Record<string, Json> = offer.settings?.({ ...answers, account: order.account }) ?? answers;
  const body = {
    ...{ id: order.id, label: order.label, adapter: offer.adapter, account: order.account },
    ...(endpoint && { endpoint }),
    ...(order.agency && { agency: order.agency }),
    settings,
  };
  const head = '# yaml-language-server: $schema=../../docs/schema/channel.schema.json\n';
  // Long numbers stay texts: as numbers they would lose figures.
  return head + stringify(body, { defaultStringType: 'PLAIN', lineWidth: 0 });
}

/** Never over a file that is there. */
export async function writeChannel(configDir: string, { file, text }: ChannelDraft): Promise<void> {
  await mkdir(join(configDir, 'channels'), { recursive: true });
  await writeFile(join(configDir, file), text, { flag: 'wx' });
}

/** Does it sign in at a consent screen, with these settings? */
export function connects(adapter: AnyAdapter | undefined, text: string): boolean {
  const settings = adapter?.settings.safeParse((parseYaml('', text).data as { settings?: unknown } | null)?.settings);
  return Boolean(settings?.success && adapter?.connect && !adapter.connect.unable?.(settings.data));
}
