import type { Door, DoorField } from '#contract';
import { parsePhone } from '../leaks/phones.ts';

/** The fields of the form, as they are called in what a browser sends. */
export const FORM_FIELDS = [
  'text', 'title', 'category', 'place', 'date', 'identity', 'name', 'phone', 'email', 'address', 'secret',
] as const; // biome-ignore format: one glance
export type FormField = (typeof FORM_FIELDS)[number];

/** What somebody typed, as it came; what was not sent is empty. */
export type Filled = Readonly<Record<FormField, string>>;
export type FormErrors = Partial<Record<FormField | 'files', string>>;

export const EMPTY = Object.fromEntries(FORM_FIELDS.map((field) => [field, ''])) as Filled;

/** The longest text of each field, in UTF-16 units. */
export const LONGEST: Record<FormField, number> = {
  ...{ text: 10_000, title: 150, category: 100, place: 300, date: 10, identity: 10 },
  ...{ name: 100, phone: 30, email: 200, address: 300, secret: 3 },
};
const SHORTEST_TEXT = 10;

/** What is asked about the person; not of somebody who stays anonymous. */
const OF_THE_PERSON: ReadonlySet<DoorField> = new Set(['name', 'phone', 'email', 'address']);

export const NAMES: Record<FormField, string> = {
  ...{ text: 'Isi aduan', title: 'Judul', category: 'Topik', place: 'Lokasi kejadian', date: 'Tanggal kejadian' },
  ...{ identity: 'Identitas', name: 'Nama', phone: 'Nomor telepon', email: 'Alamat email', address: 'Alamat rumah' },
  secret: 'Kerahasiaan',
};

export const isAnonymous = (door: Door, filled: Filled): boolean =>
  door.anonymous === 'allowed' && filled.identity === 'anonymous';

/** Is this field shown and wanted, for what was chosen so far? */
export const isRequired = (door: Door, field: DoorField, anonymous: boolean): boolean =>
  door.required.includes(field) && !(anonymous && OF_THE_PERSON.has(field));

/** What is wrong with a form, for the person who filled it in; empty: nothing. `today` as `2026-11-24`. */
export function formErrors(door: Door, filled: Filled, today: string): FormErrors {
  const errors: FormErrors = {};
  const anonymous = isAnonymous(door, filled);
  for (const field of FORM_FIELDS)
    if (filled[field].length > LONGEST[field])
      errors[field] =
        `${NAMES[field]} paling panjang ${LONGEST[field].toLocaleString('id-ID')} huruf; sekarang ${filled[field].length.toLocaleString('id-ID')}. Mohon dipersingkat.`;
  if (filled.text.trim() === '') errors.text ??= 'Tuliskan aduan Anda di sini.';
  else if (filled.text.trim().length < SHORTEST_TEXT)
    errors.text ??= 'Aduan ini terlalu singkat. Tuliskan apa yang terjadi, supaya dapat kami tindak lanjuti.';
  for (const field of door.required)
    if (isRequired(door, field, anonymous) && filled[field].trim() === '') errors[field] ??= MISSING[field];
  if (filled.category && !door.categories.some(({ code }) => code === filled.category))
    errors.category ??= 'Pilih salah satu topik dalam daftar, atau kosongkan.';
  const wrongDate = dateFault(filled.date, today);
  if (wrongDate) errors.date ??= wrongDate;
  if (filled.phone.trim() && !parsePhone(filled.phone))
    errors.phone ??= 'Nomor telepon ini tidak kami kenali. Tulis seperti 0812-3456-7890, atau kosongkan.';
  if (filled.email.trim() && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(filled.email.trim()))
    errors.email ??= 'Alamat email ini belum lengkap. Tulis seperti nama@contoh.id, atau kosongkan.';
  return errors;
}

const MISSING: Record<DoorField, string> = {
  title: 'Tuliskan judul singkat.',
  place: 'Tuliskan di mana kejadiannya.',
  date: 'Tuliskan kapan kejadiannya.',
  name: 'Tuliskan nama Anda.',
  phone: 'Tuliskan nomor telepon Anda.',
  email: 'Tuliskan alamat email Anda.',
  address: 'Tuliskan alamat rumah Anda.',
};

function dateFault(typed: string, today: string): string | undefined {
  if (typed === '') return undefined;
  const date = new Date(`${typed}T00:00:00Z`);
  const real =
    /^\d{4}-\d{2}-\d{2}$/.test(typed) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(typed);
  if (!real || typed < '1945-01-01') return 'Tanggal ini tidak ada. Tulis seperti 2026-11-24, atau kosongkan.';
  return typed > today ? 'Tanggal ini belum tiba. Tulis kapan kejadiannya, atau kosongkan.' : undefined;
}
