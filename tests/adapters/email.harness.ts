import type { Harness } from '../kit/index.ts';
import { ACCOUNT, mailWithPhoto, objectId, PASSWORD, PHOTO, storedMail } from './email/kit.mails.ts';
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
  }),
  verbs: ['create'],
  raw: storedMail,
  objectId,
  stand: mailWire,
  publishes: () => false,
  pageSize: 250,
  extract: { raw: mailWithPhoto, bytes: PHOTO },
};
