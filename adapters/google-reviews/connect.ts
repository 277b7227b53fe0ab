import type { Setup } from '#contract';
import { googleConnect } from '../_google/connect.ts';
import type { Settings } from './settings.ts';

export const SCOPE = 'https://www.googleapis.com/auth/business.manage';

export const connect = googleConnect<Settings>({
  scopes: [{ name: SCOPE, without: 'ulasan tidak terbaca dan tidak dapat dijawab' }],
});

export const setup: readonly Setup[] = [
  {
    kind: 'google-reviews',
    label: 'Ulasan Google (Profil Bisnis)',
    account: { ask: 'Nomor akun Profil Bisnis', hint: 'Angka sesudah accounts/', example: '108900000000000000001' },
    questions: [
      {
        key: 'locations',
        ask: 'Nomor lokasi, dipisah koma',
        hint: 'Angka sesudah locations/',
        example: '4711000000000000001, 4711000000000000002',
      },
      {
        key: 'clientId',
        ask: 'Client ID',
        hint: 'Google Cloud Console, Credentials',
        example: '1234-contoh.apps.googleusercontent.com',
      },
      { key: 'clientSecret', ask: 'Client secret', example: 'GOOGLE_CLIENT_SECRET', secret: true },
    ],
    settings: ({ locations = '', clientId = '', clientSecret = '' }) => ({
      ...{ clientId, clientSecret },
      locations: locations
        .split(/[\s,]+/)
        .filter(Boolean)
        .map((id) => ({ id: id.replace(/^locations\//, '') })),
    }),
    next: 'Hubungkan akunnya: kanal channel connect. Proyek Google harus disetujui dulu untuk Business Profile API.',
  },
];
