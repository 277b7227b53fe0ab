import type { AnyAdapter } from '#contract';
import { type Fault, listAllowed } from './fault.ts';
import type { HubConfig } from './hub.ts';
import { checkSchema } from './schemaFaults.ts';
import type { Path, YamlFile } from './yamlFile.ts';

export type Adapters = Readonly<Record<string, AnyAdapter>>;

/** What a channel's file may refer to. */
export interface Known {
  adapters: Adapters;
  hub: HubConfig;
}

/** What the schema of `hub.yaml` cannot see: ids used twice, names that nobody has, settings of endpoints. */
export function checkHub(yaml: YamlFile, hub: HubConfig, adapters: Adapters, names: readonly string[]): Fault[] {
  return [
    ...duplicates(yaml, hub.agencies, ['agencies']),
    ...hub.agencies.flatMap(({ units }, index) => duplicates(yaml, units, ['agencies', index, 'units'])),
    ...Object.entries(hub.endpoints).flatMap(([name, endpoint]) => checkEndpoint(yaml, name, endpoint, adapters)),
    ...Object.keys(hub.ownAccounts).flatMap((name) => unknownName(yaml, ['ownAccounts', name], 'adapter', name, names)),
    ...checkRules(yaml, hub, names),
  ];
}

function checkRules(yaml: YamlFile, hub: HubConfig, names: readonly string[]): Fault[] {
  return hub.routing.flatMap(({ id, when, then }, index) => {
    const path = ['routing', index];
    const named = (when.adapter ?? []).flatMap((adapter, position) =>
      unknownName(yaml, [...path, 'when', 'adapter', position], 'adapter', adapter, names),
    );
    const faults = [...named, ...checkPlace(yaml, [...path, 'then'], then, hub)];
    if (when.ownAccount && Object.keys(hub.ownAccounts).length === 0)
      faults.push(yaml.fault([...path, 'when', 'ownAccount'], 'ownAccounts di hub.yaml masih kosong; isi dahulu'));
    if (id !== undefined && hub.routing.findIndex((other) => other.id === id) !== index)
      faults.push(yaml.fault([...path, 'id'], `id "${id}" sudah dipakai di atas; setiap id hanya sekali`));
    return faults;
  });
}

function checkEndpoint(
  yaml: YamlFile,
  name: string,
  endpoint: HubConfig['endpoints'][string],
  adapters: Adapters,
): Fault[] {
  const path = ['endpoints', name];
  const receivers = Object.keys(adapters).filter((key) => adapters[key]?.receive);
  const receive = adapters[endpoint.adapter]?.receive;
  if (!receive) return unknownName(yaml, [...path, 'adapter'], 'adapter penerima', endpoint.adapter, receivers);
  const checked = checkSchema(yaml, receive.settings, endpoint.settings, [...path, 'settings']);
  endpoint.settings = checked.data;
  return checked.faults;
}

/** What a channel's file refers to; what it does not say, or says wrongly, is undefined. */
export interface ChannelNames {
  id: string | undefined;
  adapter: string | undefined;
  endpoint: string | undefined;
  agency: string | undefined;
  unit: string | undefined;
  mode: string | undefined;
  poll: unknown;
  settings?: unknown;
}

/** The same for a channel's file. */
export function checkChannel(yaml: YamlFile, channel: ChannelNames, { adapters, hub }: Known): Fault[] {
  const fileName = yaml.file.replace(/^.*\//, '').replace(/\.yaml$/, '');
  const faults = checkPlace(yaml, [], channel, hub);
  if (channel.id !== undefined && channel.id !== fileName)
    faults.push(yaml.fault(['id'], 'harus sama dengan nama berkas', fileName));
  if (channel.adapter === undefined) return faults;
  const adapter = adapters[channel.adapter];
  if (!adapter)
    return [...faults, ...unknownName(yaml, ['adapter'], 'adapter', channel.adapter, Object.keys(adapters))];
  return [...faults, ...checkWaysIn(yaml, channel, channel.adapter, { adapters, hub })];
}

function checkWaysIn(yaml: YamlFile, { endpoint, poll, mode, ...rest }: ChannelNames, adapter: string, known: Known) {
  const { entry, publish, ...able } = known.adapters[adapter]!;
  const canPoll = Boolean(able.poll);
  const faults = endpoint === undefined ? [] : checkEndpointOf(yaml, adapter, endpoint, known);
  if (poll && !canPoll)
    faults.push(yaml.fault(['poll'], `adapter ${adapter} tidak dapat menjemput; hapus setelan ini`));
  if (entry && !publish && mode === 'automatic')
    faults.push(
      yaml.fault(['mode'], `adapter ${adapter} hanya dapat dijalankan petugas; hapus setelan ini`, 'assisted'),
    );
  if ((endpoint !== undefined || poll) && rest.settings === undefined && mode === 'assisted')
    faults.push(yaml.fault([], 'kanal assisted yang juga dijemput atau menerima kiriman butuh settings'));
  const byHand = mode === 'assisted' || entry !== undefined;
  if (!byHand && endpoint === undefined && (!canPoll || poll === false)) {
    const message = 'kanal ini tidak punya jalan masuk: isi endpoint, atau jadwal poll bila adapternya dapat menjemput';
    faults.push(yaml.fault([], message, endpointsOf(known, adapter).join(', ')));
  }
  return faults;
}

function checkEndpointOf(yaml: YamlFile, adapter: string, name: string, known: Known): Fault[] {
  const found = known.hub.endpoints[name];
  const usable = endpointsOf(known, adapter);
  if (!found) return unknownName(yaml, ['endpoint'], 'endpoint', name, usable);
  if (usable.includes(name)) return [];
  const message = `endpoint ini untuk adapter ${found.adapter}, bukan ${adapter}`;
  return [yaml.fault(['endpoint'], message, usable.join(', '))];
}

/** Is this endpoint one of the adapter itself, or of one that serves it as well? */
export function servesOf({ hub, adapters }: Known, name: string, adapter: string): boolean {
  const owner = hub.endpoints[name]?.adapter ?? '';
  return owner === adapter || (adapters[owner]?.receive?.serves?.includes(adapter) ?? false);
}

const endpointsOf = (known: Known, adapter: string): string[] =>
  Object.keys(known.hub.endpoints).filter((name) => servesOf(known, name, adapter));

interface Place {
  agency?: string | undefined;
  unit?: string | undefined;
}

function checkPlace(yaml: YamlFile, at: Path, { agency, unit }: Place, hub: HubConfig): Fault[] {
  if (agency === undefined)
    return unit === undefined ? [] : [yaml.fault([...at, 'unit'], 'unit butuh agency: tulis instansinya juga')];
  const found = hub.agencies.find(({ id }) => id === agency);
  if (!found)
    return unknownName(
      yaml,
      [...at, 'agency'],
      'instansi',
      agency,
      hub.agencies.map(({ id }) => id),
    );
  const units = found.units.map(({ id }) => id);
  return unit === undefined ? [] : unknownName(yaml, [...at, 'unit'], `unit di ${agency}`, unit, units);
}

function unknownName(yaml: YamlFile, path: Path, what: string, given: string, known: readonly string[]): Fault[] {
  if (known.includes(given)) return [];
  return [yaml.fault(path, `tidak ada ${what} bernama "${given}"`, listAllowed(given, known))];
}

function duplicates(yaml: YamlFile, entries: readonly { id: string }[], at: Path): Fault[] {
  return entries.flatMap(({ id }, index) =>
    entries.findIndex((other) => other.id === id) === index
      ? []
      : [yaml.fault([...at, index, 'id'], `id "${id}" sudah dipakai di atas; setiap id hanya sekali`)],
  );
}
