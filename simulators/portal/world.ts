import { EventEmitter } from 'node:events';

export const STATUSES = [
  'menunggu',
  'diverifikasi',
  'diproses',
  'selesai',
  'ditolak',
  'dikembalikan',
  'dicabut',
] as const;
export type Status = (typeof STATUSES)[number];
/** What nobody has heard of. */
export const FOREIGN = 'eskalasi_pimpinan';

export interface Person {
  nama: string;
  telepon?: string;
  email?: string;
}

export interface StoredFile {
  id: string;
  nama: string;
  mime: string;
  base64: string;
}

export interface Entry {
  id: string;
  jenis: 'tindak_lanjut' | 'balasan' | 'status';
  dari: string;
  isi: string;
  rahasia: boolean;
  pada: number;
  lampiran: string[];
  /** The key that the agency gave along. */
  referensi?: string;
  /** status: what it was before. */
  lama?: string;
}

export interface Report {
  id: string;
  nomor: string;
  judul: string;
  isi: string;
  klasifikasi: 'pengaduan' | 'aspirasi' | 'permintaan_informasi';
  kategori: string;
  lokasi: string;
  anonim: boolean;
  rahasia: boolean;
  pelapor: Person;
  lampiran: string[];
  status: string;
  dibuat: number;
  diubah: number;
  versi: number;
  /** Of the last change: the order of changes. */
  urut: number;
  riwayat: Entry[];
  /** Created by an agency: its key and its ticket number. */
  kunci?: string;
  referensi?: string;
  /** Not our authority: why. */
  alasan?: string;
}

export type Happened = 'baru' | 'diubah' | 'balasan' | 'dicabut';
export type NewReport = Partial<Omit<Report, 'id' | 'nomor' | 'riwayat' | 'versi' | 'urut'>> & {
  judul: string;
  isi: string;
};

export interface Kept {
  reports: Report[];
  files: StoredFile[];
  count: number;
}

const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Everything the portal knows, in memory. `changed` is told of each change. */
export class World extends EventEmitter<{ changed: [Report, Happened] }> {
  readonly reports = new Map<string, Report>();
  readonly files = new Map<string, StoredFile>();
  #count = 0;
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Moves the portal's clock. */
  advance(ms: number): void {
    this.#ahead += ms;
  }

  next(): number {
    this.#count += 1;
    return this.#count;
  }

  /** A citizen files a report, or an agency does for one. */
  file({ lampiran = [], ...given }: NewReport): Report {
    const number = this.next();
    const report: Report = {
      ...{
        id: String(81_000 + number),
        nomor: trackingNo(number),
        klasifikasi: 'pengaduan',
        kategori: 'Infrastruktur',
      },
      ...{ lokasi: 'Kecamatan Contoh', anonim: false, rahasia: false, pelapor: { nama: 'Siti Aminah' } },
      ...{ status: 'menunggu', dibuat: this.now(), diubah: this.now(), versi: 0, urut: 0, riwayat: [], lampiran },
      ...given,
    };
    this.reports.set(report.id, report);
    return this.#touch(report, 'baru');
  }

  edit(report: Report, isi: string): void {
    this.#touch(Object.assign(report, { isi }), 'diubah');
  }

  /** Somebody at the portal, or the hub, changes the status. */
  setStatus(report: Report, status: string, dari = 'Admin'): void {
    const lama = report.status;
    report.riwayat.push({ ...this.#entry('status', dari, `${lama} -> ${status}`), lama });
    this.#touch(Object.assign(report, { status }), 'diubah');
  }

  /** The agency's follow-up. */
  answer(report: Report, isi: string, about: Partial<Entry> = {}): Entry {
    const entry = { ...this.#entry('tindak_lanjut', 'Dinas Contoh', isi), ...about };
    report.riwayat.push(entry);
    this.#touch(report, 'diubah');
    return entry;
  }

  /** The citizen answers again. */
  reply(report: Report, isi: string): Entry {
    const entry = this.#entry('balasan', report.anonim ? 'Anonim' : report.pelapor.nama, isi);
    report.riwayat.push(entry);
    this.#touch(report, 'balasan');
    return entry;
  }

  withdraw(report: Report): void {
    this.#touch(Object.assign(report, { status: 'dicabut' }), 'dicabut');
  }

  store(nama: string, mime: string, bytes: Uint8Array): StoredFile {
    const file = { id: `f${this.next()}`, nama, mime, base64: Buffer.from(bytes).toString('base64') };
    this.files.set(file.id, file);
    return file;
  }

  #entry(jenis: Entry['jenis'], dari: string, isi: string): Entry {
    return { id: String(this.next()), jenis, dari, isi, rahasia: false, pada: this.now(), lampiran: [] };
  }

  #touch(report: Report, happened: Happened): Report {
    report.versi += 1;
    report.urut = this.next();
    // A clock that was moved back must not undo the order of changes.
    report.diubah = Math.max(this.now(), report.diubah);
    this.emit('changed', report, happened);
    return report;
  }

  /** By the order of their last change. */
  changes(): Report[] {
    return [...this.reports.values()].sort((a, b) => a.urut - b.urut);
  }

  kept(): Kept {
    return { reports: [...this.reports.values()], files: [...this.files.values()], count: this.#count };
  }

  restore({ reports, files, count }: Kept): void {
    for (const report of reports) this.reports.set(report.id, report);
    for (const file of files) this.files.set(file.id, file);
    this.#count = count;
  }
}

function trackingNo(number: number): string {
  const letter = (step: number) => LETTERS[(number * 7 + step * 11 + Math.floor(number / 32) * step) % LETTERS.length];
  const group = (from: number) => [0, 1, 2, 3].map((step) => letter(from + step)).join('');
  return `LGB-${group(1)}-${group(5)}${number}`;
}

/** For tests: what the agency wrote, and what landed more than once. */
export function tally({ reports }: World) {
  const all = [...reports.values()];
  const answers = all.flatMap((report) =>
    report.riwayat
      .filter((one) => one.jenis === 'tindak_lanjut')
      .map(({ id, isi }) => ({ report: report.id, id, isi })),
  );
  const created = all.flatMap(({ id, referensi }) => (referensi === undefined ? [] : [{ id, referensi }]));
  return {
    answers,
    created,
    doubled: twice(answers, ({ report, isi }) => `${report} ${isi}`),
    doubledReports: twice(created, ({ referensi }) => referensi),
  };
}

function twice<T>(list: readonly T[], name: (one: T) => string): T[] {
  const groups = Map.groupBy(list, name);
  return list.filter((one) => (groups.get(name(one))?.length ?? 0) > 1);
}
