import type { State } from '#contract';
import type { Dismissal } from './routing.ts';

/** What people read, in Indonesian. */
export const STATE_LABELS: Record<State, string> = {
  new: 'Belum ditriase',
  not_complaint: 'Bukan aduan',
  received: 'Diterima',
  incomplete: 'Perlu dilengkapi',
  verified: 'Terverifikasi',
  dispatched: 'Didisposisikan',
  in_progress: 'Diproses',
  awaiting_approval: 'Menunggu persetujuan',
  answered: 'Ditanggapi',
  closed: 'Selesai',
  rejected: 'Ditolak',
  out_of_scope: 'Bukan kewenangan',
  withdrawn: 'Dicabut',
  duplicate: 'Duplikat',
};

/** What something is that is no complaint. */
export const DISMISSAL_LABELS: Record<Dismissal, string> = {
  praise: 'Pujian',
  spam: 'Spam',
  test: 'Uji coba',
  own: 'Kiriman akun sendiri',
};

/** How a state is told to the source and to citizens; what is only ours (who signs) looks like work in progress. */
export function publicState(state: State): { state: State; label: string } | null {
  switch (state) {
    case 'new':
    case 'not_complaint':
      return null;
    case 'dispatched':
    case 'in_progress':
    case 'awaiting_approval':
      return { state: 'in_progress', label: 'Diproses' };
    case 'verified':
      return { state, label: 'Diverifikasi' };
    case 'rejected':
      return { state, label: 'Tidak dapat diproses' };
    case 'out_of_scope':
      return { state, label: 'Diteruskan' };
    case 'duplicate':
      return { state, label: 'Digabung' };
    default:
      return { state, label: STATE_LABELS[state] };
  }
}

export const PUBLICATION_LABELS = {
  queued: 'Antre',
  sending: 'Sedang dikirim',
  published: 'Tayang',
  refused: 'Ditolak platform',
  uncertain: 'Belum pasti terkirim',
  assist: 'Tayang manual',
  cancelled: 'Dibatalkan',
} as const;

export const HEALTH_LABELS = {
  ok: 'Normal',
  degraded: 'Terganggu',
  authNeeded: 'Perlu masuk ulang',
  throttled: 'Dibatasi',
  quotaSpent: 'Kuota habis',
  silent: 'Sepi tak wajar',
  misconfigured: 'Salah setelan',
  paused: 'Dijeda',
  awaitingAccess: 'Menunggu izin platform',
} as const;
