import type { Author, Json } from '#contract';
import { parsePhone } from './leaks/phones.ts';

/** What an agency can ask of somebody who comes to its counter, calls or writes. */
export const ENTRY_FIELDS = [
  'name', 'phone', 'email', 'address', 'title', 'category', 'location', 'occurredAt', 'attachment',
] as const; // biome-ignore format: one glance
export type EntryField = (typeof ENTRY_FIELDS)[number];

const FIELD_LABELS: Record<EntryField, string> = {
  name: 'nama pelapor',
  phone: 'nomor telepon',
  email: 'alamat email',
  address: 'alamat pelapor',
  title: 'judul',
  category: 'kategori',
  location: 'lokasi kejadian',
  occurredAt: 'tanggal kejadian',
  attachment: 'lampiran atau pindaian',
};

const IDENTITY: ReadonlySet<EntryField> = new Set(['name', 'phone', 'email', 'address']);

/** What is asked for and not given. Who reports anonymously is asked for nothing of themselves. */
export function missingFields(
  required: readonly EntryField[],
  given: ReadonlySet<EntryField>,
  anonymous: boolean,
): { field: EntryField; label: string }[] {
  return required
    .filter((field) => !given.has(field) && !(anonymous && IDENTITY.has(field)))
    .map((field) => ({ field, label: FIELD_LABELS[field] }));
}

/** What an officer said of a message when they entered it; it stands in the message's `ref`. */
export interface EnteredAbout {
  /** Who took it, where that was somebody else. */
  receivedBy?: string;
  /** Its number where it comes from: of a letter, of a ticket. */
  reference?: string;
  /** How the reporter wants to be answered. */
  answerBy?: string;
}

const ABOUT = ['receivedBy', 'reference', 'answerBy'] as const;

/** The same, read back; adapters keep other things in `ref`, which are none of this. */
export function enteredAbout(ref: Json | undefined): EnteredAbout {
  if (typeof ref !== 'object' || ref === null || Array.isArray(ref)) return {};
  return Object.fromEntries(ABOUT.flatMap((key) => (typeof ref[key] === 'string' ? [[key, ref[key]]] : [])));
}

export type Reporter = Pick<Author, 'name' | 'phone' | 'email' | 'address' | 'handle'>;

/**
 * Who reported, known by this one entry. A number or an address is no id: a family shares a telephone, and one of them may
 * have reported anonymously. Reports that name the same one are found by it all the same (`contactBlinds`).
 */
export function authorOf(reporter: Reporter, id: string): Author {
  const phone = reporter.phone && (parsePhone(reporter.phone)?.number ?? reporter.phone);
  return { ...reporter, ...(phone && { phone }), id };
}
