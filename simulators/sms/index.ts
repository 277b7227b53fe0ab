import { type Answer, type Asked, json } from '../app/respond.ts';
import { keepJournal } from '../journal.ts';
import { listen, type Outcome } from '../listen.ts';
import { Faults } from '../meta/faults.ts';
import type { FaultInput } from '../meta/options.ts';
import { Courier } from './courier.ts';
import { type Manners, manners, type SmsOptions, type SmsSettings, smsOptions } from './options.ts';
import { screen } from './screen.ts';
import { tally, type Went, World } from './world.ts';

export type { SmsOptions } from './options.ts';

export interface SmsGateway {
  /** Such as `http://127.0.0.1:4500`; `{url}/v1` is `baseUrl` of a channel. */
  readonly url: string;
  readonly world: World;
  /** Change what is in it at any time. */
  readonly manners: Manners;
  setFaults(faults: readonly FaultInput[]): void;
  /** Where deliveries go from now on. */
  deliverTo(hook: { url: string; secret: string }): void;
  /** What the hub sent, and what reached one phone twice. */
  published(): ReturnType<typeof tally>;
  /** Resolves when every delivery was acknowledged. */
  delivered(): Promise<void>;
  close(): Promise<void>;
}

interface Parts {
  settings: SmsSettings;
  world: World;
  faults: Faults;
  courier: Courier;
}

/** An SMS gateway on this machine, with the phones behind it. */
export async function startSms(options: SmsOptions): Promise<SmsGateway> {
  const settings = smsOptions.parse(options);
  const world = new World();
  const courier = new Courier(settings);
  const faults = new Faults(settings.faults);
  const stopKeeping = keepJournal(world, settings.journal);
  world.on('came', (one) => courier.came(one));
  world.on('status', (one) => courier.status(one));
  const parts = { settings, world, faults, courier };
  const server = await listen(settings, (asked) => answer(parts, asked));
  return {
    ...{ url: server.url, world, manners: settings.manners },
    setFaults: (given) => faults.set(given),
    deliverTo: (hook) => {
      settings.hook = hook;
    },
    published: () => tally(world),
    delivered: () => courier.idle(),
    async close() {
      await courier.close();
      await server.close();
      await stopKeeping();
    },
  };
}

async function answer(parts: Parts, asked: Asked): Promise<Outcome> {
  const { settings, world, faults } = parts;
  const call = `${asked.method} ${asked.path}`;
  if (asked.path.startsWith('/v1/')) return answerApi(parts, asked, call);
  if (call === 'GET /_published') return json(200, tally(world));
  if (call === 'POST /_faults') {
    faults.set(JSON.parse(asked.body.toString()));
    return json(200, faults.list());
  }
  if (call === 'POST /_manners') {
    Object.assign(settings.manners, manners.partial().parse(JSON.parse(asked.body.toString())));
    return json(200, settings.manners);
  }
  if (call === 'POST /_warga/sms') {
    const { dari, pesan } = JSON.parse(asked.body.toString()) as { dari: string; pesan: string };
    return json(201, world.write(dari, pesan));
  }
  return { status: 200, type: 'text/html; charset=utf-8', body: screen(settings, world) };
}

async function answerApi(parts: Parts, asked: Asked, call: string): Promise<Outcome> {
  if (asked.headers.authorization !== `Bearer ${parts.settings.token}`) return json(401, { kesalahan: 'kunci salah' });
  const fault = await parts.faults.meet(asked.method, asked.path);
  if (fault?.do === 'throttle') return json(429, { kesalahan: 'terlalu cepat' }, { 'retry-after': '1' });
  if (fault?.do === 'refuse') return json(200, { status: 'ditolak', kode: String(fault.code) });
  const broken = fault && (fault.do === 'hangup' || fault.do === 'silent' ? fault.do : 'error');
  if (broken && !fault.landed) return broken === 'error' ? json(500, {}) : broken;
  const given = respond(parts, asked, call);
  if (fault?.do === 'noId') return json(200, { status: 'diterima' });
  return broken ? (broken === 'error' ? json(500, {}) : broken) : given;
}

function respond(parts: Parts, asked: Asked, call: string): Answer {
  const { settings, world } = parts;
  switch (call) {
    case 'POST /v1/sms':
      return take(parts, JSON.parse(asked.body.toString()) as Record<string, string>);
    case 'GET /v1/sms': {
      const found = world.went.filter(({ reference }) => reference === asked.query.get('acuan'));
      return json(200, { data: found.map(({ id, reference, status }) => ({ id, acuan: reference, status })) });
    }
    case 'GET /v1/masuk':
      return came(parts, Number(asked.query.get('sesudah') ?? 0));
    case 'GET /v1/saldo':
      return json(200, { saldo: settings.balance });
    default:
      return json(404, { kesalahan: 'tidak ada alamat ini' });
  }
}

function take(
  { settings, world, courier }: Parts,
  { ke = '', pesan = '', acuan = '' }: Record<string, string>,
): Answer {
  if (!/^\+\d{8,15}$/.test(ke)) return json(200, { status: 'ditolak', kode: 'NOMOR' });
  const one = world.take({ reference: acuan, to: ke, text: pesan });
  settings.balance -= 1;
  const { reports } = settings.manners;
  if (reports !== 'none') tell(world, courier, one, reports);
  return json(202, { status: 'diterima', data: { id: one.id } });
}

/** Late: what arrived is told before what was sent. */
function tell(world: World, courier: Courier, one: Went, reports: 'delivered' | 'failed' | 'late'): void {
  const end = reports === 'failed' ? 'UNDELIV' : 'DELIVRD';
  courier.status({ ...one, status: 'SENT' }, reports === 'late');
  world.settle(one, end);
}

function came({ settings, world }: Parts, after: number): Answer {
  const page = world.came.slice(after, after + settings.pageSize);
  const rows = page.map(({ id, from, text, at }) => ({ id, dari: from, ke: settings.number, pesan: text, waktu: at }));
  const shown = settings.manners.duplicates ? rows.flatMap((row) => [row, row]) : rows;
  return json(200, { data: shown, posisi: after + page.length });
}
