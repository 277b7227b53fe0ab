import type { Answer } from '../app/respond.ts';
import type { Faults } from './faults.ts';
import type { PortalSettings } from './options.ts';
import type { Entry, Report, World } from './world.ts';

export interface Parts {
  settings: PortalSettings;
  world: World;
  faults: Faults;
  /** The portal's own address. */
  url(): string;
}

export type Outcome = Answer | 'hangup';

/** Of the sixteen letters of an address's signature none is guessed; it ends after a minute. */
export const FILE_SECONDS = 60;

export function fileUrl({ url, world }: Parts, id: string): string {
  const until = Math.floor(world.now() / 1_000) + FILE_SECONDS;
  return `${url()}/berkas/${id}?sampai=${until}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** As an editor in a browser would have stored it. */
export const asHtml = (text: string): string =>
  `<p>${text.replace(/[&<>]/g, (letter) => ENTITIES[letter] ?? letter).replaceAll('\n', '<br>')}</p>`;

export const wordsIn = ({ faults }: Parts, text: string): string => (faults.meets('html') ? asHtml(text) : text);

export function rowsIn<T>({ faults }: Parts, rows: readonly T[]): T[] {
  const doubled = rows.flatMap((row) => (faults.meets('duplikat') ? [row, row] : [row]));
  return faults.meets('urutan_acak') ? shuffled(doubled) : doubled;
}

const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((one) => ({ one, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);

/** Nobody but the system knows who an anonymous reporter is, unless the portal is careless. */
export const reporterOf = ({ settings }: Parts, { anonim, rahasia, pelapor }: Report) =>
  (anonim || rahasia) && !settings.reveals
    ? { nama: null, telepon: null, email: null }
    : { nama: pelapor.nama, telepon: pelapor.telepon ?? null, email: pelapor.email ?? null };

export const entriesOf = (parts: Parts, report: Report, kinds: readonly Entry['jenis'][]): Entry[] => {
  const mine = report.riwayat.filter((one) => kinds.includes(one.jenis));
  return parts.faults.meets('urutan_acak') ? shuffled(mine) : mine;
};
