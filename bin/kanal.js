#!/usr/bin/env node
// Plain JavaScript, for any Node: the rest is TypeScript, which only Node 24 and newer run as it is.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const major = (version) => Number(version.replace(/^v/, '').split('.')[0]);

if (major(process.versions.node) >= NEEDED) import('../src/main.ts').then(({ main }) => main(process.argv));
else withOwnNode();

/** The project brings its own Node in node_modules, when optional packages were installed. */
function withOwnNode() {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  const found = existsSync(node) ? spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout : '';
  if (!(major(found || '0') >= NEEDED)) return explain();
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}

function explain() {
  process.stderr.write(`
Kanal Aduan membutuhkan Node ${NEEDED} atau lebih baru; yang menjalankan ini Node ${process.versions.node}.
Jalankan "npm ci" (tanpa --omit=optional) di folder ini: Node ${NEEDED} ikut terpasang di node_modules.
Di luar Linux x64/arm64, pasang Node ${NEEDED} dari https://nodejs.org lalu ulangi.

Kanal Aduan needs Node ${NEEDED} or newer; this is Node ${process.versions.node}.
Run "npm ci" (without --omit=optional) in this folder: Node ${NEEDED} is installed into node_modules.
Elsewhere than on Linux x64/arm64, install Node ${NEEDED} from https://nodejs.org and try again.

`);
  process.exit(1);
}
