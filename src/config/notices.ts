import type { AnyAdapter } from '#contract';
import type { Adapters } from './crossCheck.ts';
import { type Fault, listAllowed } from './fault.ts';
import type { HubConfig } from './hub.ts';
import type { Path, YamlFile } from './yamlFile.ts';

/** Channels by which people of the office are told something name files whose adapters can do that. */
export function checkNotices(yaml: YamlFile, hub: HubConfig, files: readonly YamlFile[], adapters: Adapters): Fault[] {
  const mustBeAble = (
    path: Path,
    wanted: string,
    can: (adapter: AnyAdapter, name: string) => boolean,
    what: string,
  ) => {
    const able = files.flatMap((file) => {
      const { id, adapter: name, mode } = (file.data ?? {}) as { id?: unknown; adapter?: unknown; mode?: unknown };
      const adapter = mode === 'assisted' ? undefined : adapters[String(name)];
      return typeof id === 'string' && adapter && can(adapter, String(name)) ? [id] : [];
    });
    if (able.includes(wanted)) return [];
    const message = `kanal "${wanted}" tidak ada, atau jenisnya tidak dapat ${what}`;
    return [yaml.fault(path, message, listAllowed(wanted, able))];
  };
  const { notices, alarms } = hub.policies;
  const canAlert = (kind: string) => (adapter: AnyAdapter, name: string) =>
    adapter.alert !== undefined && name === kind;
  return [
    ...(notices
      ? mustBeAble(
          ['policies', 'notices', 'channel'],
          notices.channel,
          (one) => one.notify !== undefined,
          'mengabari petugas',
        )
      : []),
    ...alarms.tell.flatMap((one, at) => {
      const path = ['policies', 'alarms', 'tell', at, 'channel'];
      if ('email' in one) return mustBeAble(path, one.channel, canAlert('email'), 'mengirim kabar lewat email');
      if ('whatsapp' in one) return mustBeAble(path, one.channel, canAlert('whatsapp'), 'mengirim kabar WhatsApp');
      if ('sms' in one) return mustBeAble(path, one.channel, canAlert('sms'), 'mengirim kabar lewat SMS');
      return [];
    }),
  ];
}
