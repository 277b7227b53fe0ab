import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Asked, json } from '../app/respond.ts';
import { generik } from './generik.ts';
import { laporbup } from './laporbup.ts';
import { laporgub } from './laporgub.ts';
import { knobs, type Profile } from './options.ts';
import type { Outcome, Parts } from './parts.ts';
import { screen } from './screen.ts';
import { sp4n } from './sp4n.ts';
import { type NewReport, tally } from './world.ts';

const SURFACES: Record<Profile, (parts: Parts, asked: Asked) => Answer> = { generik, sp4n, laporgub, laporbup };

export async function answer(parts: Parts, asked: Asked): Promise<Outcome> {
  const open = driver(parts, asked) ?? file(parts, asked);
  if (open) return open;
  if (parts.faults.delayMs > 0) await sleep(parts.faults.delayMs, undefined, { ref: false });
  return troubled(parts, asked);
}

/** What citizens see, and what tests do. */
function driver({ world, faults, settings }: Parts, { method, path, body }: Asked): Answer | null {
  const name = `${method} ${path}`;
  if (name === 'GET /') return { status: 200, type: 'text/html; charset=utf-8', body: screen(settings, world) };
  if (name === 'GET /_terkirim') return json(200, tally(world));
  if (name === 'GET /v1/_uji') return json(200, faults.list());
  if (name === 'PUT /v1/_uji') {
    faults.set(knobs.parse(JSON.parse(body.toString())));
    return json(200, faults.list());
  }
  if (name === 'POST /_warga/laporan') {
    const { id, nomor } = world.file(JSON.parse(body.toString()) as NewReport);
    return json(201, { id, nomor_lacak: nomor });
  }
  const [, id, deed] = /^\/_warga\/laporan\/(\w+)(?:\/(balasan))?$/.exec(path) ?? [];
  const report = world.reports.get(id ?? '');
  if (!report) return null;
  if (method === 'DELETE') world.withdraw(report);
  else if (deed) world.reply(report, String((JSON.parse(body.toString()) as { isi?: string }).isi ?? ''));
  return json(200, { id: report.id });
}

/** Addresses of files carry their own end. */
function file({ world }: Parts, { path, query }: Asked): Answer | null {
  const id = /^\/berkas\/(\w+)$/.exec(path)?.[1];
  if (!id) return null;
  const found = world.files.get(id);
  if (!found || Number(query.get('sampai')) * 1_000 < world.now())
    return json(403, { kesalahan: 'tautan sudah berakhir' });
  return { status: 200, type: found.mime, body: Buffer.from(found.base64, 'base64') };
}

/** The knobs, around what the profile does. */
function troubled(parts: Parts, asked: Asked): Outcome {
  const { faults, settings } = parts;
  const changes = asked.method !== 'GET';
  if (faults.meets('http429')) return json(429, { message: 'terlalu cepat' }, { 'retry-after': '1' });
  const breaks = faults.meets('http500');
  // Every other one is done before it is said to have failed.
  if (breaks && (!changes || parts.world.next() % 2 === 0)) return json(500, { message: 'rusak' });
  const given = SURFACES[settings.profile](parts, asked);
  if (breaks) return json(500, { message: 'rusak' });
  if (changes && given.status < 300 && faults.meets('tutup_mendadak')) return 'hangup';
  if (changes && given.status < 300 && faults.meets('tanpa_id')) return json(200, { status: true, message: 'OK' });
  return given;
}
