import type { Harness } from '../kit/index.ts';
import { ACCOUNT, CITIZEN, mailWithPhoto, objectId, PASSWORD, PHOTO, storedMail } from './email/kit.mails.ts';
import { mailWire } from './email/kit.wire.ts';

export const emailHarness: Harness = {
  account: ACCOUNT,
  secrets: { KIT_MAIL: PASSWORD },
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
  extract: { raw: mailWithPhoto, bytes: PHOTO },
};
