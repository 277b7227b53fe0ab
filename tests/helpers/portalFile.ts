import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type PortalFile = 'lapor-bupati-kebumen' | 'sambatmasbup' | 'sp4n-lapor' | 'laporgub';

const folder = new URL('../../config/portal/', import.meta.url);

const NAMES: readonly PortalFile[] = ['lapor-bupati-kebumen', 'sambatmasbup', 'sp4n-lapor', 'laporgub'];
/** Read once: what uses them may be watched for reading files. */
const texts = new Map(NAMES.map((name) => [name, readFileSync(new URL(`${name}.yaml`, folder), 'utf8')]));

export const portalText = (name: PortalFile): string => texts.get(name) ?? '';

type Loaded = { settings: Record<string, unknown> } & Record<string, unknown>;

/** A channel's file as it is delivered, with its portal at another address. */
export function portalFile(name: PortalFile, baseUrl: string): Loaded {
  const file = parse(texts.get(name) ?? '') as Loaded;
  return { ...file, settings: { ...file.settings, baseUrl } };
}
