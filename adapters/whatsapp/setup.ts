import type { Setup } from '#contract';

export const setup: readonly Setup[] = [
  {
    kind: 'whatsapp',
    label: 'WhatsApp (Cloud API)',
    account: {
      ask: 'Nomor ID telepon (phone_number_id)',
      hint: 'WhatsApp Manager; bukan nomor teleponnya',
      example: '106540352242922',
    },
    questions: [
      {
        key: 'business',
        ask: 'Nomor akun bisnis WhatsApp, lalu nomor aplikasi Meta, dipisah koma',
        example: '102290129340398, 900000000000001',
      },
      { key: 'appSecret', ask: 'Rahasia aplikasi (App Secret)', example: 'META_APP_SECRET', secret: true },
      {
        key: 'token',
        ask: 'Token pengguna sistem',
        hint: 'Meta Business Suite: Pengguna sistem, Buat token',
        example: 'WA_TOKEN',
        secret: true,
      },
    ],
    settings: ({ business = '', appSecret = '', token = '' }) => {
      const [waba = '', appId = ''] = business.split(/[\s,]+/);
      return { business: waba, appId, appSecret, token };
    },
    next: 'WhatsApp tidak dihubungkan lewat layar persetujuan: tokennya dibuat di Meta Business Suite (Pengguna sistem, izin whatsapp_business_messaging dan whatsapp_business_management) dan disimpan dengan kanal secret set. Tambahkan titik terima di hub.yaml dan sebut namanya di endpoint: tanpa itu tidak ada yang masuk.',
  },
];
