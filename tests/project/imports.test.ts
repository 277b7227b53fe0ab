import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const project = new URL('../..', import.meta.url).pathname;
const RULES = '.dependency-cruiser.cjs';

interface Report {
  summary: { totalCruised: number; violations: { from: string; to: string; rule: { name: string } }[] };
}

function cruise(root: string): Promise<Report['summary']> {
  const program = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [program, '--config', RULES, '--output-type', 'json', 'src', 'adapters'];
  return new Promise((resolve, reject) =>
    execFile(process.execPath, args, { cwd: root, maxBuffer: 200e6 }, (error, stdout) => {
      // Its exit code counts the violations; without a report it is a failure.
      if (!stdout) reject(error);
      else resolve((JSON.parse(stdout) as Report).summary);
    }),
  );
}

it('nobody imports what they must not', async () => {
  const { violations, totalCruised } = await cruise(project);
  expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  // It must have seen the sources: under a TypeScript it cannot read, it finds nothing and is content.
  expect(totalCruised).toBeGreaterThan(50);
});

let copy: string;
beforeEach(async () => {
  copy = await realpath(await mkdtemp(join(tmpdir(), 'kanal-imports-')));
  for (const path of ['src', 'adapters', 'package.json', 'tsconfig.json', RULES])
    await cp(join(project, path), join(copy, path), { recursive: true });
  await symlink(await realpath(join(project, 'node_modules')), join(copy, 'node_modules'));
});
afterEach(() => rm(copy, { recursive: true }));

/** A file that must not be there, and the rule that must say so. */
const PLANTED: [path: string, code: string, rule: string][] = [
  ['adapters/webhook/zz.ts', "import axios from 'axios';\nexport const a = axios;", 'adapter-imports'],
  ['adapters/webhook/zz2.ts', "export * from '../../src/core/roles.ts';", 'adapter-imports'],
  ['adapters/webhook/zz3.ts', "import http from 'node:http';\nexport const a = http;", 'adapter-builtins'],
  [
    'adapters/sms/zz.ts',
    "import { readFile } from 'node:fs/promises';\nexport const a = readFile;",
    'adapter-builtins',
  ],
  ['adapters/sms/spool/zz.ts', "import http from 'node:http';\nexport const a = http;", 'spool-builtins'],
  ['adapters/sms/spool/zz2.ts', "import axios from 'axios';\nexport const a = axios;", 'adapter-imports'],
  ['adapters/palsu/index.ts', "import webhook from '../webhook/index.ts';\nexport default webhook;", 'adapter-imports'],
  ['src/contract/zz.ts', "import type { Role } from '../core/roles.ts';\nexport type A = Role;", 'contract-imports'],
  ['src/core/zz.ts', "import pg from 'pg';\nexport const a = pg;", 'core-imports'],
  ['src/core/zz2.ts', "import fs from 'node:fs';\nexport const a = fs;", 'core-builtins'],
  ['src/core/zz3.ts', "import type { Clock } from '../platform/clock.ts';\nexport type A = Clock;", 'core-imports'],
  ['src/platform/zz.ts', "export { ROLES } from '../core/roles.ts';", 'platform-imports'],
  ['src/config/zz.ts', "export * from '../platform/clock.ts';", 'config-imports'],
  ['src/store/zz.ts', "export * from '../config/diff.ts';", 'store-imports'],
  ['src/queue/zz.ts', "export * from '../config/diff.ts';", 'queue-imports'],
  ['src/flows/zz.ts', "import { Queue } from 'bullmq';\nexport const a = Queue;", 'flows-imports'],
  ['src/api/zz.ts', "import { Queue } from 'bullmq';\nexport const a = Queue;", 'api-imports'],
  ['src/api/zz2.ts', "export const a = () => import('../platform/clock.ts');", 'api-imports'],
  ['src/cli/zz.ts', "export * from '../queue/zz.ts';", 'cli-imports'],
  ['src/cli/zz2.ts', "export * from './nowhere.ts';", 'found'],
];

it('a forbidden import of each kind is caught', async () => {
  for (const [path, code] of PLANTED) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), code);
  }
  const { violations } = await cruise(copy);
  const caught = violations.map(({ from, rule }) => `${from}: ${rule.name}`);
  for (const [path, , rule] of PLANTED) expect(caught).toContain(`${path}: ${rule}`);
});
