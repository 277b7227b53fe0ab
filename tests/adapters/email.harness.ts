import type { Harness, WireAnswer, WireRequest } from '../kit/index.ts';
import { ACCOUNT, CITIZEN, mailWithPhoto, objectId, PASSWORD, PHOTO, storedMail } from './email/kit.mails.ts';
import { mailWire } from './email/kit.wire.ts';

const CODE = '4/kit-mail-code-77';
const CLIENT_SECRET = 'kit-mail-client-secret-01';

/** A mailbox that signs in at Microsoft. */
const signedIn = (origin: string) => ({
  ...{ host: '127.0.0.1', port: 9, security: 'none', user: ACCOUNT },
  oauth: {
    ...{ with: 'microsoft', clientId: 'kit-client', clientSecret: '${KIT_MAIL_CLIENT}' },
    ...{ authorizeUrl: `${origin}/authorize`, tokenUrl: `${origin}/token` },
  },
});

/** Its token endpoint, for a code. */
function signIn({ body }: WireRequest): WireAnswer {
  const form = new URLSearchParams(body.toString());
  if (form.get('client_secret') !== CLIENT_SECRET) return { status: 401, body: { error: 'invalid_client' } };
  if (form.get('code') !== CODE) return { status: 400, body: { error: 'invalid_grant' } };
  const scope = 'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send';
  const tokens = { access_token: 'kit-granted-access', refresh_token: 'kit-granted-refresh', expires_in: 3_600 };
  return { status: 200, body: { ...tokens, scope, token_type: 'Bearer' } };
}

export const emailHarness: Harness = {
  account: ACCOUNT,
  secrets: { KIT_MAIL: PASSWORD, KIT_MAIL_CLIENT: CLIENT_SECRET },
  settings: (origin) => ({
    host: '127.0.0.1',
    port: Number(new URL(origin).port),
    security: 'none',
    user: ACCOUNT,
    password: '${KIT_MAIL}',
    firstConnect: 'all',
    smtp: {
      host: '127.0.0.1',
      port: Number(new URL(origin).pathname.slice(1)) || 9,
      security: 'none',
      sentCopies: 'provider',
      // Nothing around the answer, so that what arrives can be compared.
      letter: { greeting: '', closing: '', signature: '', footer: '' },
    },
  }),
  verbs: ['create'],
  raw: storedMail,
  objectId,
  stand: mailWire,
  target: {
    ref: { messageId: 'kit-1', references: [], subject: 'Lampu jalan mati' },
    author: { id: CITIZEN, email: CITIZEN, name: 'Siti Aminah' },
  },
  publishes: ({ path }) => path === '/DATA',
  pageSize: 250,
  reach: { email: CITIZEN },
  connect: { serve: signIn, settings: signedIn, code: CODE },
  extract: { raw: mailWithPhoto, bytes: PHOTO },
};
