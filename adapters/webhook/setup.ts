import type { Setup } from '#contract';

export const setup: readonly Setup[] = [
  {
    kind: 'webhook',
    label: 'Aplikasi milik daerah (webhook)',
    account: {
      ask: 'Nama akun di aplikasi itu',
      hint: 'Isi `account` pada setiap aduan yang dikirim aplikasi',
      example: 'laporan',
    },
    questions: [
      { key: 'baseUrl', ask: 'Alamat API aplikasi', example: 'https://lapor.kabupaten.go.id/api' },
      { key: 'token', ask: 'Token untuk memanggil aplikasi', example: 'LAPOR_TOKEN', secret: true },
      {
        key: 'signingSecret',
        ask: 'Kunci tanda tangan jawaban (whsec_…)',
        hint: 'Diberikan oleh pembuat aplikasi',
        example: 'LAPOR_BALASAN',
        secret: true,
      },
    ],
    next: 'Agar aduan datang seketika, tambahkan titik terima di hub.yaml dan sebut namanya di `endpoint`.',
  },
];
