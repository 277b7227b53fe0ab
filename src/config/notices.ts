import type { Adapters } from './crossCheck.ts';
import { type Fault, listAllowed } from './fault.ts';
import type { HubConfig } from './hub.ts';
import type { YamlFile } from './yamlFile.ts';

/** `policies.notices.channel` names a file whose adapter can tell staff. */
export function checkNotices(yaml: YamlFile, hub: HubConfig, files: readonly YamlFile[], adapters: Adapters): Fault[] {
  const wanted = hub.policies.notices?.channel;
  if (wanted === undefined) return [];
  const able = files
    .map((file) => file.data as { id?: unknown; adapter?: unknown } | null)
    .flatMap((channel) => {
      const { id, adapter } = channel ?? {};
      return typeof id === 'string' && adapters[String(adapter)]?.notify ? [id] : [];
    });
  if (able.includes(wanted)) return [];
  const message = `kanal "${wanted}" tidak ada, atau jenisnya tidak dapat mengabari petugas`;
  return [yaml.fault(['policies', 'notices', 'channel'], message, listAllowed(wanted, able))];
}
