import type { Setup } from '#contract';

export const setup: readonly Setup[] = [
  {
    kind: 'sms-gateway',
    label: 'SMS lewat gateway (HTTP)',
    account: {
      ask: 'Nomor SMS pengaduan',
      hint: 'Seperti di gateway, dengan +62; nomor pendek apa adanya',
      example: '+628110001234',
    },
    questions: [
      { key: 'baseUrl', ask: 'Alamat API gateway', example: 'https://api.gateway.example/v1' },
      { key: 'token', ask: 'Kunci API', hint: 'Dari halaman pelanggan gateway', example: 'SMS_TOKEN', secret: true },
      {
        key: 'names',
        ask: 'Alamat kirim, isian tujuan, isian pesan, dan letak nomor pesan di jawaban, dipisah koma',
        hint: 'Ada di dokumentasi gateway bagian "kirim SMS"',
        example: '/sms, to, text, id',
      },
    ],
    settings: ({ baseUrl = '', token = '', names = '' }) => {
      const [path = '', to = '', text = '', id = ''] = names.split(/[\s,]+/);
      const send = { path, fields: { [to]: '{to}', [text]: '{text}' }, answer: { id } };
      return { via: 'gateway', baseUrl, auth: { kind: 'bearer', token }, send };
    },
    next: 'Lengkapi berkas kanal menurut dokumentasi gateway (docs/sms.md): cara mencari kiriman (lookup), kode penolakan, dan inbox. Agar SMS datang seketika, tambahkan titik terima di hub.yaml dan sebut namanya di endpoint.',
  },
  {
    kind: 'sms-modem',
    label: 'SMS lewat modem (gammu-smsd)',
    account: { ask: 'Nomor kartu di modem', example: '+628110001234' },
    questions: [
      {
        key: 'spool',
        ask: 'Folder gammu-smsd',
        hint: 'Yang memuat inbox, outbox, sent dan error; lihat gammu-smsdrc',
        example: '/var/spool/gammu',
      },
    ],
    settings: ({ spool = '' }) => {
      const root = spool.replace(/\/+$/, '');
      return {
        via: 'gammu',
        inbox: `${root}/inbox`,
        outbox: `${root}/outbox`,
        sent: `${root}/sent`,
        error: `${root}/error`,
      };
    },
    next: 'Pastikan gammu-smsdrc memakai Service = files dan InboxFormat = unicode dengan folder yang sama, dan hub boleh menulis di sana (docs/sms.md).',
  },
];
