import type { Scope, Setup } from '#contract';
import { pageConnect } from '../_meta/connect.ts';
import type { Settings } from './settings.ts';

const CONSENTS: readonly Scope[] = [
  { name: 'pages_show_list', without: 'Halaman tidak dikenali' },
  { name: 'pages_read_engagement', without: 'kiriman Halaman tidak terbaca' },
  { name: 'pages_read_user_content', without: 'komentar dan kiriman warga tidak terbaca' },
  { name: 'pages_manage_engagement', without: 'komentar tidak dapat dibalas atau disembunyikan' },
  { name: 'pages_manage_metadata', without: 'webhook tidak dapat dipasang, aduan tidak datang seketika' },
  { name: 'pages_messaging', without: 'Messenger tidak terbaca dan tidak dapat dijawab' },
];

export const SCOPES: readonly string[] = CONSENTS.map(({ name }) => name);

export const connect = pageConnect<Settings>({ scopes: CONSENTS, pageOf: ({ channel }) => channel.account });

export const setup: readonly Setup[] = [
  {
    kind: 'facebook',
    label: 'Halaman Facebook (komentar, penyebutan, Messenger)',
    account: { ask: 'Nomor Halaman', hint: 'Di Halaman: Tentang, Transparansi Halaman', example: '112233445566778' },
    questions: [
      { key: 'appId', ask: 'Nomor aplikasi Meta', hint: 'developers.facebook.com, App ID', example: '900000000000001' },
      { key: 'appSecret', ask: 'Rahasia aplikasi (App Secret)', example: 'META_APP_SECRET', secret: true },
    ],
    next: 'Hubungkan akunnya: kanal channel connect. Agar aduan datang seketika, tambahkan titik terima di hub.yaml dan sebut namanya di endpoint.',
  },
];
