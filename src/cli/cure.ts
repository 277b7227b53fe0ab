import { ChannelError } from '#contract';

const BY_KIND = {
  auth: 'periksa rahasia dan izinnya. Token habis atau dicabut? Hubungkan lagi (kanal channel connect) atau simpan yang baru (kanal secret set)',
  throttled: 'platform meminta menunggu. Tidak perlu apa-apa; hub mencoba lagi sendiri',
  retry:
    'platform tidak dapat dicapai atau sedang terganggu. Periksa alamat di berkas kanal dan sambungan internet, lalu coba lagi',
  refused: 'periksa account dan setelan di berkas kanal: akun atau tempat itu tidak ada, atau bukan milik token ini',
} as const;

/** What somebody at the terminal can do about a failed check, beside what its message says. */
export function cureOf(error: unknown): string | undefined {
  if (!(error instanceof ChannelError)) return undefined;
  if (error.code === 'secret_missing') return 'simpan rahasia itu dengan kanal secret set, lalu coba lagi';
  if (error.code === 'unconnected') return undefined;
  return BY_KIND[error.kind];
}
