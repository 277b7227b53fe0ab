import type { Json, Setup } from '#contract';

const ACCOUNT = { ask: 'Alamat surat', example: 'aduan@kabupaten.go.id' };
const CLIENT = (hint: string) => [
  { key: 'clientId', ask: 'Client ID aplikasi', hint, example: '1234-contoh' },
  { key: 'clientSecret', ask: 'Client secret', example: 'SURAT_CLIENT_SECRET', secret: true as const },
];
const NEXT = 'Hubungkan kotak suratnya: kanal channel connect.';

/** The domain often names the server. */
const hostOf = ({ host = '', account = '' }: Readonly<Record<string, string>>): string =>
  host || `mail.${account.split('@')[1] ?? ''}`;

function bySignIn(provider: 'google' | 'microsoft', imap: string, smtp: Record<string, Json>) {
  return ({
    account = '',
    clientId = '',
    clientSecret = '',
  }: Readonly<Record<string, string>>): Record<string, Json> => ({
    ...{ host: imap, user: account, oauth: { with: provider, clientId, clientSecret } },
    smtp: { ...smtp, sentCopies: 'provider' },
  });
}

export const setup: readonly Setup[] = [
  {
    ...{ kind: 'email', label: 'Kotak surat dengan sandi (IMAP dan SMTP)', account: ACCOUNT },
    questions: [
      { key: 'host', ask: 'Nama server surat', hint: 'Untuk IMAP dan SMTP', example: 'mail.kabupaten.go.id' },
      { key: 'password', ask: 'Sandi kotak surat, atau sandi aplikasi', example: 'SURAT_SANDI', secret: true },
    ],
    settings: (answers) => {
      const { account = '', password = '' } = answers;
      return { host: hostOf(answers), user: account, password, smtp: { host: hostOf(answers) } };
    },
    next: 'Server surat keluar berbeda dari server IMAP? Ubah smtp.host di berkas kanal.',
  },
  {
    ...{ kind: 'gmail', label: 'Gmail atau Google Workspace (masuk lewat Google)', account: ACCOUNT, next: NEXT },
    questions: CLIENT('Google Cloud Console, Credentials'),
    settings: bySignIn('google', 'imap.gmail.com', { host: 'smtp.gmail.com' }),
  },
  {
    ...{ kind: 'microsoft-365', label: 'Microsoft 365 (masuk lewat Microsoft)', account: ACCOUNT, next: NEXT },
    questions: CLIENT('Microsoft Entra, App registrations'),
    settings: bySignIn('microsoft', 'outlook.office365.com', {
      ...{ host: 'smtp.office365.com', security: 'starttls' },
    }),
  },
];
