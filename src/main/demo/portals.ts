import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PortalOptions } from '../../../simulators/portal/index.ts';
import { type Helper, startHelper } from './application.ts';
import { SECRETS } from './config.ts';

/** Lapor Bupati and SP4N-LAPOR!, in this order. */
export type Portals = Helper<{ urls: [string, string] }>;

export interface PortalSecrets {
  laporbup: string;
  sp4nKey: string;
  sp4nToken: string;
}

/** Both in one process, on the ports of an earlier start. */
export async function startPortals(
  dataDir: string,
  about: { ports: [number, number]; secrets: PortalSecrets; everyMs: number },
): Promise<Portals> {
  const { ports, secrets, everyMs } = about;
  const portal = (profile: 'laporbup' | 'sp4n', name: string, port: number, token: string) => ({
    ...{ profile, name, port, token, feedEveryMs: everyMs },
    journal: join(dataDir, `portal-${profile}.journal.json`),
  });
  const portals: (PortalOptions & { feedEveryMs: number })[] = [
    portal('laporbup', 'Lapor Bupati', ports[0], secrets.laporbup),
    { ...portal('sp4n', 'SP4N-LAPOR!', ports[1], secrets.sp4nKey), secondToken: secrets.sp4nToken },
  ];
  return startHelper('portal', join(dataDir, 'portal.options.json'), { portals });
}

const FILES = new URL('../../../config/portal/', import.meta.url);

/** The two channels, as they are delivered, with the demo's addresses, secrets and haste. */
export async function portalYaml([laporbup, sp4n]: readonly [string, string]): Promise<Record<string, string>> {
  const read = async (name: string, url: string, names: Record<string, string>) => {
    const text = await readFile(new URL(`${name}.yaml`, FILES), 'utf8');
    const own = text.replace(/^# yaml-language-server.*\n/, '').replace(/baseUrl: \S+/, `baseUrl: ${url}`);
    const quick = own.replace(/^poll: .*$/m, 'poll: { every: 3s }').replace(/^ {2}rate: .*\n/m, '');
    return Object.entries(names).reduce((yaml, [from, to]) => yaml.replaceAll(`\${${from}}`, `\${${to}}`), quick);
  };
  return {
    'lapor-bupati-kebumen': await read('lapor-bupati-kebumen', laporbup, { LAPORBUP_TOKEN: SECRETS.laporbup }),
    'sp4n-lapor': await read('sp4n-lapor', sp4n, { SP4N_KEY: SECRETS.sp4nKey, SP4N_TOKEN: SECRETS.sp4nToken }),
  };
}
