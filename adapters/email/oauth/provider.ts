import type { Scope } from '#contract';
import type { OauthSettings } from './settings.ts';

/** What is different at each provider. */
export interface Provider {
  name: string;
  authorizeUrl: string;
  tokenUrl: string;
  /** Those that can be seen in what was granted. */
  scopes: readonly Scope[];
  /** Asked for beside them. */
  more: readonly string[];
  /** Without these no refresh token comes. */
  query: Readonly<Record<string, string>>;
}

const MAIL = 'surat tidak terbaca dan tidak dapat dijawab';

/** Google, "Gmail: IMAP, POP and SMTP (XOAUTH2)"; Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth". */
export function providerOf(oauth: OauthSettings): Provider {
  const { authorizeUrl, tokenUrl, tenant } = oauth;
  if (oauth.with === 'google')
    return {
      name: 'Google',
      authorizeUrl: authorizeUrl ?? 'https://accounts.google.com/o/oauth2/v2/auth',
      tokenUrl: tokenUrl ?? 'https://oauth2.googleapis.com/token',
      scopes: [{ name: 'https://mail.google.com/', without: MAIL }],
      more: [],
      query: { access_type: 'offline', prompt: 'consent' },
    };
  const base = `https://login.microsoftonline.com/${tenant}/oauth2/v2.0`;
  return {
    name: 'Microsoft',
    authorizeUrl: authorizeUrl ?? `${base}/authorize`,
    tokenUrl: tokenUrl ?? `${base}/token`,
    scopes: [
      { name: 'https://outlook.office.com/IMAP.AccessAsUser.All', without: 'surat tidak terbaca' },
      { name: 'https://outlook.office.com/SMTP.Send', without: 'surat tidak dapat dijawab' },
    ],
    more: ['offline_access'],
    query: { prompt: 'select_account', response_mode: 'query' },
  };
}

export const scopeText = ({ scopes, more }: Provider): string => [...scopes.map(({ name }) => name), ...more].join(' ');
