import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { folder } from '../config/folder.ts';
import { type PortalFile, portalText } from '../helpers/portalFile.ts';

const HUB = `site: { name: Kabupaten Uji }
agencies: [{ id: diskominfo, name: Dinas Kominfo }]
endpoints:
  sambatmasbup:
    adapter: http-json
    settings: { kind: hmac-sha256, secrets: ["\${SAMBAT_HOOK}"], header: X-Signature, timestamp: X-Timestamp }
`;

it('every delivered portal file passes the check as it is', async () => {
  const names = (await readdir(new URL('../../config/portal/', import.meta.url))).map((name) =>
    name.replace('.yaml', ''),
  );
  expect(names.sort()).toEqual(['lapor-bupati-kebumen', 'laporgub', 'sambatmasbup', 'sp4n-lapor']);
  const files = names.map((name) => [`channels/${name}.yaml`, portalText(name as PortalFile)]);
  const dir = await folder({ 'hub.yaml': HUB, ...Object.fromEntries(files) });
  const { channels, faults } = await loadConfig(dir, adapters);
  expect(faults).toEqual([]);
  expect(channels.map((channel) => channel.id)).toEqual(names);
});
