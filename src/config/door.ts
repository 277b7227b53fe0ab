import type { CheckedChannel } from './channelFile.ts';
import type { Adapters } from './crossCheck.ts';
import type { Fault } from './fault.ts';
import { type HubConfig, usesDoor } from './hub.ts';
import type { YamlFile } from './yamlFile.ts';

/** What receipts say of the citizen's own door needs a channel that is one. */
export function checkReceipt(yaml: YamlFile, hub: HubConfig, files: readonly YamlFile[], adapters: Adapters): Fault[] {
  const { text } = hub.policies.receipt;
  const isDoor = ({ data }: YamlFile) => adapters[String((data as { adapter?: unknown } | null)?.adapter)]?.door;
  if (!usesDoor(text) || files.some(isDoor)) return [];
  const message =
    '{code} dan {statusUrl} butuh kanal formulir warga (adapter website); tambahkan, atau hapus isian itu';
  return [yaml.fault(['policies', 'receipt', 'text'], message)];
}

/** There is one `/lapor`. The first in the order of the files has it. */
export function refuseSecondDoor(channels: readonly CheckedChannel[], adapters: Adapters): void {
  const doors = channels.filter(({ channel }) => channel?.enabled && adapters[channel.adapter]?.door);
  for (const { yaml, faults } of doors.slice(1))
    faults.push(yaml.fault(['adapter'], `formulir warga sudah ada di ${doors[0]?.yaml.file}; hanya satu yang aktif`));
}
