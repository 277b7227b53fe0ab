import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AnyAdapter, ChannelError } from '#contract';
import { settings } from '../../adapters/email/settings.ts';
import webhook from '../../adapters/webhook/index.ts';
import { type SmtpStandIn, startSmtp } from '../../simulators/mail/smtp.ts';
import { tellAlarms } from '../../src/flows/alarmMessages.ts';
import { raiseAlarms } from '../../src/flows/alarms.ts';
import { careForChannels } from '../../src/flows/care.ts';
import { applyConfiguration } from '../../src/flows/configured.ts';
import { recordFailure, recordReading, recordSuccess } from '../../src/flows/health.ts';
import { judgeSilence, learnRhythms } from '../../src/flows/silence.ts';
import { createWatchman } from '../../src/flows/watchman.ts';
import { toldOf } from '../../src/store/alarms.ts';
import { newId } from '../../src/store/database.ts';
import { mailChannel } from '../adapters/email/hub.ts';
import { SIGNING_SECRET, type TestHub, testHub, webhookChannel } from '../helpers/hub.ts';
import { httpServer } from '../platform/servers.ts';

interface Posted {
  headers: IncomingMessage['headers'];
  body: string;
}

let hub: TestHub;
let smtp: SmtpStandIn;
let posted: Posted[];
let answer: number;
let probe: () => Promise<{ detail: string; expiresAt?: Date }>;

const other = webhookChannel({ id: 'lain', label: 'Lapor Lain', account: 'lain' });
const adapter: AnyAdapter = { ...webhook, probe: () => probe() };

beforeEach(async () => {
  posted = [];
  answer = 200;
  probe = async () => ({ detail: 'Baik.' });
  smtp = await startSmtp({});
  const { url } = await httpServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => {
      body += bytes;
    });
    request.on('end', () => {
      posted.push({ headers: request.headers, body });
      response.writeHead(answer).end();
    });
  });
  const mail = mailChannel({ port: 9, user: 'aduan@kab.example', password: 'x' });
  const out = { host: '127.0.0.1', port: smtp.port, security: 'none', login: false, sentCopies: 'none' };
  const read = { host: '127.0.0.1', port: 9, security: 'none', user: 'aduan@kab.example', password: '${MAIL}' };
  const { email } = (await import('../../adapters/index.ts')).adapters;
  hub = await testHub({
    adapters: { webhook: adapter, email: email! },
    channels: [webhookChannel(), other, { ...mail, settings: settings.parse({ ...read, smtp: out }) }],
    policies: {
      alarms: {
        tell: [
          { email: 'penjaga@kab.example', channel: 'surel' },
          { webhook: `${url}/kabar`, secret: '${APP_SIGNING}' as never },
        ],
        degradedAfter: 600_000,
      },
    },
  });
  await applyConfiguration(hub.deps);
});
afterEach(async () => {
  await hub.close();
  await smtp.close();
});

const dead = new ChannelError('auth', 'Token Facebook sudah mati.');
const gone = () => new ChannelError('retry', 'tidak terhubung', { code: 'ENOTFOUND', nothingSent: true });
const look = async () => {
  await raiseAlarms(hub.deps);
  await tellAlarms(hub.deps);
};
const state = (id = 'lapor') =>
  hub.deps.db.selectFrom('channel_state').selectAll().where('channel_id', '=', id).executeTakeFirstOrThrow();
const longer = (minutes: number) =>
  sql`update channel_state set health_since = health_since - ${minutes} * interval '1 minute'`.execute(hub.deps.db);
const types = () => posted.map(({ body }) => `${JSON.parse(body).type} ${JSON.parse(body).kind}`);
const mails = () => smtp.received.map(({ raw }) => raw.toString());

describe('a channel that needs somebody', () => {
  it('is told once to everybody, with what was seen and what to do, and again when it is well', async () => {
    await recordFailure(hub.deps, 'lapor', dead);
    await look();
    await look();
    expect(types()).toEqual(['alarm.raised authNeeded']);
    expect(JSON.parse(posted[0]!.body)).toMatchObject({
      ...{ channel: 'lapor', label: 'Lapor Contoh', evidence: 'Token Facebook sudah mati.', endedAt: null },
      advice: expect.stringContaining('kanal secret set'),
    });
    expect(smtp.received.map(({ to }) => to)).toEqual([['penjaga@kab.example']]);
    expect(mails()[0]).toMatch(/Subject: \[Kabupaten Contoh\] Lapor Contoh: Perlu masuk ulang/);
    expect(mails()[0]).toMatch(/Auto-Submitted: auto-generated/i);
    expect(await toldOf(hub.deps.db)).toMatchObject([
      { channelId: 'lapor', who: 'email penjaga@kab.example', at: expect.any(Date), reason: null },
      { channelId: 'lapor', who: expect.stringMatching(/^webhook 127\.0\.0\.1:/), at: expect.any(Date) },
    ]);
    await recordSuccess(hub.deps, 'lapor');
    await look();
    expect(types()).toEqual(['alarm.raised authNeeded', 'alarm.ended authNeeded']);
    expect(mails()[1]).toContain('Selesai');
    expect(await toldOf(hub.deps.db)).toEqual([]);
  });

  it('is told by a webhook whose signature can be checked', async () => {
    await recordFailure(hub.deps, 'lapor', dead);
    await look();
    const { headers, body } = posted[0]!;
    const key = Buffer.from(SIGNING_SECRET.replace('whsec_', ''), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  });

  it('is told later by a way that fails now, while the others go on', async () => {
    answer = 503;
    await recordFailure(hub.deps, 'lapor', dead);
    await look();
    expect([posted.length, smtp.received.length]).toEqual([1, 1]);
    await sql`update alarm_message set next_at = now()`.execute(hub.deps.db);
    answer = 204;
    await look();
    await look();
    expect([posted.length, smtp.received.length]).toEqual([2, 1]);
    expect(posted[0]!.headers['webhook-id']).toBe(posted[1]!.headers['webhook-id']);
  });

  it('that is well before anybody was told is not worth a word', async () => {
    answer = 503;
    smtp.steer(() => ({ reply: '421 nanti', then: 'drop' }));
    await recordFailure(hub.deps, 'lapor', dead);
    await look();
    await recordSuccess(hub.deps, 'lapor');
    await look();
    expect(types()).toEqual(['alarm.raised authNeeded']);
    expect(smtp.received).toHaveLength(0);
  });

  it('is never mailed twice when it is not known whether the mail left', async () => {
    smtp.steer((step) => (step === 'message' ? { take: true, then: 'drop' } : undefined));
    await recordFailure(hub.deps, 'lapor', dead);
    await look();
    smtp.steer(null);
    await sql`update alarm_message set next_at = now()`.execute(hub.deps.db);
    await look();
    expect(smtp.received).toHaveLength(1);
  });
});

describe('when the internet of the office is gone', () => {
  it('there is one alarm for all channels, and one when it is back', async () => {
    for (const id of ['lapor', 'lain', 'surel']) await recordFailure(hub.deps, id, gone());
    await longer(5);
    await look();
    expect(types()).toEqual(['alarm.raised offline']);
    await longer(30);
    await look();
    // Its beginning moved here; nobody hears of single channels.
    expect(new Set(types())).toEqual(new Set(['alarm.raised offline', 'alarm.ended offline']));
    for (const id of ['lapor', 'lain', 'surel']) await recordSuccess(hub.deps, id);
    await look();
    expect(types().at(-1)).toBe('alarm.ended offline');
    expect(types().some((one) => one.includes('degraded'))).toBe(false);
  });

  it('what could not be told meanwhile is told afterwards, once, with its span', async () => {
    answer = 503;
    for (const id of ['lapor', 'lain']) await recordFailure(hub.deps, id, gone());
    await longer(5);
    await look();
    answer = 200;
    posted = [];
    for (const id of ['lapor', 'lain']) await recordSuccess(hub.deps, id);
    await look();
    expect(types()).toEqual(['alarm.ended offline']);
    expect(mails().at(-1)).toContain('Berlangsung dari');
  });
});

describe('silence', () => {
  const items = async (pauseMs: number, count: number, endedAgo: number) => {
    const rows = Array.from({ length: count }, (_, at) => ({
      ...{ id: newId(), channel_id: 'lapor', key_hash: Buffer.from(newId()), key: String(at), sealed: Buffer.alloc(1) },
      received_at: new Date(Date.now() - endedAgo - at * pauseMs),
      ...{ outcome: 'applied' as const, envelope_id: null, reason: null },
    }));
    await hub.deps.db
      .insertInto('source_item')
      .values(rows as never)
      .execute();
    await hub.deps.db.updateTable('channel_state').set({ last_item_at: rows[0]!.received_at }).execute();
  };
  const DAY = 86_400_000;

  it('is noticed by the own rhythm of a channel, told once, and over with the next item', async () => {
    await items(DAY / 4, 40, 1.5 * DAY);
    await learnRhythms(hub.deps);
    await judgeSilence(hub.deps);
    const quiet = await state();
    expect(quiet).toMatchObject({ health: 'silent', health_since: quiet.last_item_at });
    // A poll that works says nothing about silence.
    await recordReading(hub.deps, 'lapor');
    await look();
    await judgeSilence(hub.deps);
    await look();
    expect(types()).toEqual(['alarm.raised silent']);
    await hub.deps.db.updateTable('channel_state').set({ last_item_at: new Date() }).execute();
    await judgeSilence(hub.deps);
    expect((await state()).health).toBe('ok');
    await look();
    expect(types()).toEqual(['alarm.raised silent', 'alarm.ended silent']);
  });

  it('of a slow channel is none', async () => {
    await items(DAY, 25, 1.5 * DAY);
    await learnRhythms(hub.deps);
    await judgeSilence(hub.deps);
    expect((await state()).health).toBe('ok');
  });
});

describe('a channel that waits for the permission of its platform', () => {
  it('says so, whatever works in part, until its file says no more', async () => {
    const waiting = { ...webhookChannel(), awaitingAccess: 'App Review diajukan 20 November' };
    const config = { ...hub.deps.config, channels: [waiting, other], hash: 'lain' };
    const deps = { ...hub.deps, config };
    await applyConfiguration(deps);
    expect(await state()).toMatchObject({ health: 'awaitingAccess', health_reason: 'App Review diajukan 20 November' });
    await recordFailure(deps, 'lapor', dead);
    await recordFailure(deps, 'lapor', gone());
    await recordReading(deps, 'lapor');
    expect((await state()).health).toBe('awaitingAccess');
    await applyConfiguration(hub.deps);
    expect((await state()).health).toBe('ok');
  });

  it('may be told so by the platform itself', async () => {
    await recordFailure(hub.deps, 'lapor', new ChannelError('auth', 'kuota 0', { awaitsAccess: true }));
    expect((await state()).health).toBe('awaitingAccess');
  });
});

it('an account without care of its own is probed daily; what ends soon is told', async () => {
  let probed = 0;
  probe = async () => {
    probed += 1;
    return { detail: 'Baik.', expiresAt: new Date(Date.now() + 6.5 * 86_400_000) };
  };
  const deps = { ...hub.deps, config: { ...hub.deps.config, channels: [webhookChannel()] } };
  await careForChannels(deps);
  await careForChannels(deps);
  expect(probed).toBe(1);
  await sql`update channel_state set cared_at = now() - interval '25 hours'`.execute(hub.deps.db);
  await careForChannels(deps);
  expect(probed).toBe(2);
  await createWatchman(deps)();
  await createWatchman(deps)();
  expect(types()).toEqual(['alarm.raised expiry']);
  expect(JSON.parse(posted[0]!.body).evidence).toContain('7 hari');
});
