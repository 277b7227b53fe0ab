import type { Setup } from '#contract';

export const setup: readonly Setup[] = [
  {
    kind: 'website',
    label: 'Formulir aduan warga di hub ini (/lapor dan /lacak)',
    account: { ask: 'Nama singkat formulir ini', example: 'formulir-warga' },
    questions: [
      { key: 'address', ask: 'Alamat hub yang dibuka warga', example: 'https://aduan.contohkab.go.id' },
      {
        key: 'controller',
        ask: 'Pengendali data: nama dan alamat instansi',
        example: 'Pemerintah Kabupaten Contoh, Jl. Merdeka No. 2',
      },
      {
        key: 'officerEmail',
        ask: 'Email Pejabat Pelindungan Data Pribadi',
        hint: 'Wajib ada menurut UU 27/2022 Pasal 53',
        example: 'pdp@contohkab.go.id',
      },
    ],
    settings: ({ address = '', controller = '', officerEmail = '' }) => ({
      address,
      privacy: { controller, officer: { email: officerEmail } },
    }),
    next: 'Isian wajib menurut SOP, topik, nomor darurat, dan masa simpan: lihat docs/formulir-warga.md.',
  },
];
