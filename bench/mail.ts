import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dovecot, startDovecot } from '../tests/helpers/dovecot.ts';
import { type Helper, startHelper, startKanal } from './lib/child.ts';
import { SECRETS, writeConfig } from './lib/config.ts';
import { type Figure, type Measured, ratioFigure, VoidFigure } from './lib/figure.ts';
import { countOf, dropDatabases, freshDatabase, type Ground, settle, withClient } from './lib/ground.ts';
import { makeMails } from './lib/mails.ts';
import { alternate, waitUntil } from './lib/rounds.ts';
import { withWake } from './lib/wake.ts';

const NAME = 'bench_mail';
const CHANNEL = 'surel';
const ABOUT: Measured = {
  ...{ bench: 'f-mail', unit: 'mails/s', floor: 0.4, goal: 0.55 },
  what: 'mails from a local Dovecot until raw row and parsed item are stored; limit: the parser alone over the same bytes',
};

/** (f) N mails lie on an IMAP server; the time until each is stored, as it came and as a complaint. */
export async function mail(ground: Ground): Promise<Figure[]> {
  const count = ground.quick ? 100 : 3_000;
  const mails = makeMails(count);
  const dovecot = await startDovecot({ password: SECRETS.BENCH_MAIL });
  const parser = startHelper('parseOnly.ts');
  const file = await writeChannel(ground, dovecot);
  try {
    for (const one of mails) await dovecot.deliver(one);
    await parser.ask({ take: { mails: mails.map((one) => one.toString('base64')) } });
    const rates = await alternate(ground, {
      hub: () => runHub(ground, count),
      parser: () => runParser(parser, count),
    });
    const megabytes = Math.round(mails.reduce((sum, one) => sum + one.length, 0) / 1_000_000);
    return [
      ratioFigure({ ...ABOUT, note: `${count} mails of ${megabytes} MB together` }, rates.hub, rates.parser, ground),
    ];
  } finally {
    await parser.stop();
    await dovecot.stop();
    await rm(file, { force: true });
    await dropDatabases(ground, [NAME]);
  }
}

async function writeChannel(ground: Ground, { host, port, user }: Dovecot): Promise<string> {
  const file = join(await writeConfig(ground), 'channels', `${CHANNEL}.yaml`);
  const settings = { host, port, security: 'none', user, password: '${BENCH_MAIL}', firstConnect: 'all' };
  const about = {
    id: CHANNEL,
    label: 'Surel',
    adapter: 'email',
    account: user,
    agency: 'opd-01',
    poll: { every: '1h' },
  };
  await writeFile(file, JSON.stringify({ ...about, settings }));
  return file;
}

async function runHub(ground: Ground, count: number): Promise<number> {
  const url = await freshDatabase(ground, NAME);
  return withClient(url, async (client) => {
    // Paused until the clock starts: a worker polls as soon as it runs.
    await client.query(`insert into channel_state (channel_id, paused_at) values ('${CHANNEL}', now())`);
    const worker = await startKanal(ground, 'worker', url);
    try {
      return await withWake(url, async (wake) => {
        await settle(client);
        const began = performance.now();
        await client.query(`update channel_state set paused_at = null where channel_id = '${CHANNEL}'`);
        await wake('poll', CHANNEL);
        const read = `source_item where outcome = 'applied'`;
        const ms = await waitUntil(async () => (await countOf(client, read)) === count, began, 120_000);
        const messages = await countOf(client, 'message');
        if (messages !== count) throw new VoidFigure(`${messages} messages of ${count} mails`);
        return (count / ms) * 1_000;
      });
    } finally {
      await worker.stop();
    }
  });
}

async function runParser(parser: Helper, count: number): Promise<number> {
  const { ms } = await parser.ask<{ ms: number }>('run');
  return (count / ms) * 1_000;
}
