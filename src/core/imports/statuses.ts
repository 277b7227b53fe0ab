import type { State } from '#contract';
import { plain } from './fields.ts';

/** Statuses of common portals and complaint applications. What is meant differently at a place, its channel's file says. */
const USUAL: Record<string, State> = {
  'belum diverifikasi': 'received', menunggu: 'received', 'belum dijawab': 'received', baru: 'received', 'belum divalidasi': 'received',
  pending: 'received', submitted: 'received', '0': 'received', 'menunggu diproses': 'received', 'belum diproses': 'received',
  tunda: 'incomplete',
  verifikasi: 'verified', diverifikasi: 'verified', diterima: 'verified',
  terdisposisi: 'dispatched', disposisi: 'dispatched', dispatched: 'dispatched',
  proses: 'in_progress', diproses: 'in_progress', progres: 'in_progress', 'dalam tindakan': 'in_progress',
  'sedang diproses': 'in_progress', 'in progress': 'in_progress',
  selesai: 'closed', tuntas: 'closed', closed: 'closed', resolved: 'closed', 'selesai diproses': 'closed',
  ditolak: 'rejected', 'tidak layak': 'rejected', arsip: 'rejected', rejected: 'rejected',
  'bukan wewenang': 'out_of_scope', 'bukan kewenangan': 'out_of_scope',
}; // biome-ignore format: by state

/** `undefined`: nobody has said what it means. */
export function stateOf(code: string, said: Readonly<Record<string, State>> = {}): State | undefined {
  const own = Object.entries(said).find(([name]) => plain(name) === plain(code));
  return own?.[1] ?? USUAL[plain(code)];
}
