import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { hostileMails } from '../adapters/email/hostile.ts';
import { citizensMail } from '../adapters/email/mails.ts';
import { eventually } from '../helpers/eventually.ts';
import { buildMailWorld, type MailWorld } from './world.ts';

/**
 * `node tests/mail/run.ts [mails]`: a whole hub reads a mailbox of 10,000 old mails, then one in every kind of trouble,
 * then fifty hostile mails while the API is asked. Prints what it found, one JSON line each; ends with 1 when a mail was
 * missed or came twice.
 */
const LONG_MS = 600_000;
const count = Number(process.argv[2] ?? 10_000);
const world = await buildMailWorld();
try {
  await oldMails(world);
  await trouble(world);
  await hostile(world);
} finally {
  await world.close();
}

function report(what: string, found: object): void {
  process.stdout.write(`${JSON.stringify({ what, ...found })}\n`);
}

async function until(wanted: number, { counts }: MailWorld): Promise<void> {
  await eventually(
    async () => {
      const { outcomes } = await counts();
      const settled = (outcomes.applied ?? 0) + (outcomes.quarantined ?? 0) + (outcomes.ignored ?? 0);
      if (settled < wanted || outcomes.waiting) throw new Error(`${settled} of ${wanted}`);
    },
    LONG_MS,
    200,
  );
}

function mustBeExact(what: string, wanted: number, found: { messages: number; titles: number }): void {
  const missed = wanted - found.titles;
  const doubled = found.messages - found.titles;
  report(what, { missed, doubled, peakMb: Math.round(world.peakMb()) });
  if (missed !== 0 || doubled !== 0) process.exitCode = 1;
}

async function oldMails(world: MailWorld): Promise<void> {
  const old = new Date(Date.now() - 40 * 86_400_000);
  for (let n = 0; n < count; n++) world.box.inbox.append(citizensMail(n), old);
  const began = performance.now();
  await world.start();
  report('ready', { peakMb: Math.round(world.peakMb()) });
  await until(count, world);
  report('time for the old mails', { mails: count, seconds: Math.round((performance.now() - began) / 1_000) });
  mustBeExact(`${count} old mails at the first connection`, count, await world.counts());
}

async function trouble(world: MailWorld): Promise<void> {
  const { box, imap } = world;
  let total = count;
  const add = (more: number) => {
    for (let n = 0; n < more; n++) box.inbox.append(citizensMail(total + n));
    total += more;
  };
  imap.faults.dropAfter = 50;
  add(500);
  await until(total, world);
  mustBeExact('connections dropped after every 50 mails', total, await world.counts());
  imap.faults.dropAfter = undefined;
  box.inbox.rebuild();
  add(50);
  await until(total, world);
  mustBeExact('UIDVALIDITY changed', total, await world.counts());
  imap.faults.silentIdle = true;
  add(50);
  await until(total, world);
  mustBeExact('silent inside IDLE', total, await world.counts());
  imap.faults.silentIdle = undefined;
}

/** The slowest per cent of what the API takes to answer until `done`, in milliseconds. */
async function p99({ url, keys }: MailWorld, done: () => Promise<boolean>): Promise<{ p99: number; asked: number }> {
  const asker = new Worker(new URL('./asker.worker.ts', import.meta.url), { workerData: { url, keys } });
  while (!(await done())) await sleep(100);
  asker.postMessage('enough');
  const [times] = (await once(asker, 'message')) as [number[]];
  times.sort((a, b) => a - b);
  return { p99: Math.round(times[Math.ceil(times.length * 0.99) - 1]! * 10) / 10, asked: times.length };
}

async function hostile(world: MailWorld): Promise<void> {
  const calm = performance.now() + 15_000;
  const before = await p99(world, async () => performance.now() > calm);
  const settledBefore = Object.values((await world.counts()).outcomes).reduce((sum, n) => sum + n, 0);
  const mails = hostileMails();
  const began = performance.now();
  for (const { raw } of mails) world.box.inbox.append(raw);
  const during = await p99(world, async () => {
    const { outcomes } = await world.counts();
    const settled = Object.values(outcomes).reduce((sum, n) => sum + n, 0) - (outcomes.waiting ?? 0);
    return settled >= settledBefore + mails.length;
  });
  const seconds = Math.round((performance.now() - began) / 1_000);
  const { outcomes } = await world.counts();
  const ratio = Math.round((during.p99 / before.p99) * 100) / 100;
  report('the API while fifty hostile mails are read', {
    before,
    during,
    ratio,
    seconds,
    outcomes,
    peakMb: Math.round(world.peakMb()),
  });
}
