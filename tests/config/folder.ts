import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A configuration folder with these files; it ends with the test. */
export async function folder(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'kanal-config-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

export const HUB = `site: { name: Kabupaten Uji }
agencies:
  - id: dinkes
    name: Dinas Kesehatan
    units:
      - { id: pelayanan, name: Pelayanan }
  - id: dukcapil
    name: Dukcapil
endpoints:
  aplikasi:
    adapter: contoh
    settings: { token: "\${HOOK_TOKEN}" }
`;

export const channel = (id: string, more = ''): string => `id: ${id}
label: Kanal ${id}
adapter: contoh
account: akun-${id}
endpoint: aplikasi
settings:
  token: \${TOKEN}
${more}`;
