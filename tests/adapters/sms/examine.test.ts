import { describe, expect, test } from 'vitest';
import sms from '../../../adapters/sms/index.ts';

const send = { path: '/sms', fields: { ke: '{to}', pesan: '{text}', acuan: '{key}' }, answer: { id: 'id' } };
const gateway = { via: 'gateway', baseUrl: 'https://api.gateway.example/v1', send };
const gammu = { via: 'gammu', inbox: '/s/in', outbox: '/s/out', sent: '/s/sent', error: '/s/error' };
const lookup = { path: '/sms', query: { acuan: '{key}' }, key: 'acuan', id: 'id' };
const inbox = {
  path: '/masuk',
  query: { sesudah: '{cursor}' },
  message: { id: 'id', from: 'dari', text: 'pesan' },
  last: 'id',
};

const found = async (settings: object) =>
  (await sms.examine!(sms.settings.parse(settings))).map(({ path, offset, message }) => [
    path.join('.'),
    offset,
    message,
  ]);

describe('what only a look at the whole shows', () => {
  test('right ones have nothing', async () => {
    for (const one of [gateway, { ...gateway, lookup, inbox }, gammu]) expect(await found(one)).toEqual([]);
  });

  test.each([
    [{ ...gateway, send: { ...send, fields: { ...send.fields, x: 'a {nama}' } } }, 'send.fields.x', '{nama}'],
    [{ ...gateway, send: { ...send, query: { x: '{cursor}' } } }, 'send.query.x', '{cursor}'],
    [{ ...gateway, send: { ...send, fields: { ke: '{to}' } } }, 'send.fields', '{text}'],
    [
      { ...gateway, send: { ...send, fields: {}, query: { ke: '{to}', pesan: '{text}' } } },
      'send.fields',
      '{to} dan {text}',
    ],
    [{ ...gateway, lookup, send: { ...send, fields: { ke: '{to}', pesan: '{text}' } } }, 'send.fields', '{key}'],
    [{ ...gateway, lookup: { ...lookup, query: {} } }, 'lookup', '{key}'],
    [{ ...gateway, inbox: { ...inbox, query: { sejak: '{since}' } } }, 'inbox.query.sejak', '{since}'],
    [{ ...gateway, inbox, auth: { kind: 'body', fields: { k: '${K}' } } }, 'inbox', 'POST'],
    [{ ...gammu, sent: '/s/out' }, 'sent', 'outbox'],
    [{ ...gammu, done: '/s/in' }, 'done', 'inbox'],
    [{ ...gammu, charset: 'ebcdic' }, 'charset', 'ebcdic'],
  ])('%#: %s says %s', async (settings, path, words) => {
    expect(await found(settings)).toEqual([
      [path, /^\{(nama|cursor|since)\}$/.test(words) ? expect.any(Number) : undefined, expect.stringContaining(words)],
    ]);
  });
});

test.each([
  ['a secret that is written out', { ...gateway, auth: { kind: 'bearer', token: 'rahasia' } }],
  [
    'a key in the address',
    { ...gateway, baseUrl: 'https://api.gateway.example/v1', send: { ...send, path: '/sms?apikey=1' } },
  ],
  ['GET to send', { ...gateway, send: { ...send, method: 'GET' } }],
  ['an inbox that does not say where to go on', { ...gateway, inbox: { ...inbox, last: undefined } }],
  [
    'an inbox whose messages have neither id nor time',
    { ...gateway, inbox: { ...inbox, message: { from: 'dari', text: 'pesan' } } },
  ],
  ['an inbox that says it twice', { ...gateway, inbox: { ...inbox, next: 'posisi' } }],
  ['a code without a condition', { ...gateway, send: { ...send, answer: { id: 'id', codes: [{ means: 'auth' }] } } }],
  ['a folder that is not from the root', { ...gammu, inbox: 'spool/in' }],
  ['a key of the other way', { ...gammu, baseUrl: 'https://api.gateway.example' }],
  ['no way at all', {}],
])('%s is refused', (_, settings) => {
  expect(sms.settings.safeParse(settings).success).toBe(false);
});

test('what `kanal channel add` makes of the answers can be used at once', async () => {
  const [byGateway, byModem] = sms.setup!;
  const answers = {
    baseUrl: 'https://api.gateway.example/v1',
    token: '${SMS_TOKEN}',
    names: '/sms, ke, pesan, data.id',
  };
  const made = byGateway!.settings!(answers);
  expect(await found(made)).toEqual([]);
  expect(made).toMatchObject({
    send: { path: '/sms', fields: { ke: '{to}', pesan: '{text}' }, answer: { id: 'data.id' } },
  });
  expect(await found(byModem!.settings!({ spool: '/var/spool/gammu/' }))).toEqual([]);
  for (const { questions } of sms.setup!) expect(questions.length).toBeLessThanOrEqual(3);
});
