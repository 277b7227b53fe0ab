import { type AnyAdapter, parseDuration } from '#contract';
import { type Channel, type ChannelFile, channelSchema } from './channel.ts';
import { type Adapters, type ChannelNames, checkChannel } from './crossCheck.ts';
import type { Fault } from './fault.ts';
import type { HubConfig } from './hub.ts';
import { checkSchema } from './schemaFaults.ts';
import type { YamlFile } from './yamlFile.ts';

export interface CheckedChannel {
  /** The name of its file. */
  id: string;
  yaml: YamlFile;
  /** Of use only without faults. */
  channel: Channel | undefined;
  faults: Fault[];
}

/** Every fault of one channel's file. Without a usable `hub.yaml`, only what the file itself can tell is checked. */
export async function checkChannelFile(
  yaml: YamlFile,
  adapters: Adapters,
  hub: HubConfig | undefined,
): Promise<CheckedChannel> {
  const id = yaml.file.replace(/^channels\/|\.ya?ml$/g, '');
  const broken = (faults: Fault[]): CheckedChannel => ({ id, yaml, channel: undefined, faults });
  if (yaml.faults.length) return broken(yaml.faults);
  if (yaml.file.endsWith('.yml')) return broken([yaml.fault([], 'nama berkas harus berakhiran .yaml', `${id}.yaml`)]);
  const { data: file, faults } = checkSchema(yaml, channelSchema, yaml.data ?? {});
  const names = namesIn(yaml.data);
  const adapter = adapters[names.adapter ?? ''];
  // Access that is still to come has no settings yet: whoever works by hand needs none.
  const withoutAccess = names.mode === 'assisted' && names.settings === undefined && !adapter?.entry;
  const settings =
    adapter && !withoutAccess ? checkSchema(yaml, adapter.settings, names.settings ?? {}, ['settings']) : undefined;
  const inSettings =
    settings?.data === undefined ? (settings?.faults ?? []) : await examined(yaml, adapter, settings.data);
  const all = [
    ...faults,
    ...(hub ? checkChannel(yaml, names, { adapters, hub }) : []),
    ...placed(yaml, adapter, inSettings),
  ];
  if (!file) return broken(byLine(all));
  return { id, yaml, channel: toChannel(file, adapter, settings?.data, yaml.file), faults: byLine(all) };
}

/** What the adapter finds in settings that fit their schema. */
async function examined(yaml: YamlFile, adapter: AnyAdapter | undefined, settings: unknown): Promise<Fault[]> {
  const found = (await adapter?.examine?.(settings)) ?? [];
  return found.map(({ path, offset, message }) => {
    const at = ['settings', ...path];
    return { ...yaml.fault(at, message), ...yaml.place(at, offset) };
  });
}

/** Settings that hold expressions are long: there the column is told, too. */
function placed(yaml: YamlFile, adapter: AnyAdapter | undefined, faults: readonly Fault[]): Fault[] {
  if (!adapter?.examine) return [...faults];
  return faults.map((fault) => ({ ...yaml.place(fault.path.split('.')), ...fault }));
}

const byLine = (faults: Fault[]): Fault[] => faults.sort((a, b) => a.line - b.line);

/** What the file refers to, as far as it can be read: a fault elsewhere must not hide one here. */
function namesIn(data: unknown): ChannelNames & { settings?: unknown } {
  const given = (data ?? {}) as Record<string, unknown>;
  const text = (key: string): string | undefined => (typeof given[key] === 'string' ? given[key] : undefined);
  return {
    id: text('id'),
    adapter: text('adapter'),
    endpoint: text('endpoint'),
    agency: text('agency'),
    unit: text('unit'),
    mode: text('mode'),
    poll: given.poll,
    settings: given.settings,
  };
}

function toChannel(file: ChannelFile, adapter: AnyAdapter | undefined, settings: unknown, path: string): Channel {
  const mode = file.mode ?? (adapter?.entry && !adapter.publish ? 'assisted' : 'automatic');
  const automatic = mode === 'automatic';
  const usual = automatic && adapter?.poll ? parseDuration(adapter.poll.every) : undefined;
  const every = file.poll ? file.poll.every : usual;
  const idle = file.poll === false || (settings !== undefined && adapter?.poll?.idle?.(settings));
  const poll = idle || every === undefined ? null : { every };
  const { receipts = automatic, statuses = automatic } = file.publish;
  return { ...file, mode, poll, publish: { ...file.publish, receipts, statuses }, settings, file: path };
}
