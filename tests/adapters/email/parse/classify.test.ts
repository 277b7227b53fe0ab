import { describe, expect, it } from 'vitest';
import { classify } from '../../../../adapters/email/parse/classify.ts';
import { headOf } from '../../../../adapters/email/parse/headers.ts';
import { kitTokens } from '../../../kit/context.ts';

const known = { from: 'budi@x.example', addresses: ['aduan@kab.example'], verify: kitTokens.verify };
const of = (headers: string, subject = 'Lampu mati', about = known) =>
  classify(headOf(Buffer.from(headers)), subject, about);

describe('who wrote a mail', () => {
  it.each([
    'Auto-Submitted: auto-replied',
    'Auto-Submitted: auto-generated (out of office)',
    'Return-Path: <>',
    'Precedence: bulk',
    'Precedence: auto_reply',
    'X-Auto-Response-Suppress: All',
    'X-Autoreply: yes',
    'X-Autorespond: Libur',
    'List-Id: <warga.milis.example>',
    'List-Unsubscribe: <mailto:keluar@milis.example>',
    'X-Loop: aduan@kab.example',
    `X-Hub-Instance: ${kitTokens.issue('instance')}`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
    'Content-Type: multipart/report;\r\n report-type="disposition-notification"; boundary=x',
  ])('a machine: %s', (header) => {
    expect(of(`From: budi@x.example\r\n${header}\r\n`)).toMatchObject({ automated: true, fromUs: false });
  });

  it.each([
    'Balasan otomatis: cuti',
    'Automatic reply: Lampu mati',
    'Out of office',
    'Undeliverable: Lampu',
    'Di luar kantor s.d. Senin',
  ])('perhaps a machine: "%s"', (subject) => {
    expect(of('From: budi@x.example\r\n', subject).automated).toBe(true);
  });

  it.each([
    'Auto-Submitted: no',
    'Precedence: normal',
    'Return-Path: <budi@x.example>',
    'X-Loop: lain@x.example',
    'X-Hub-Instance: palsu',
  ])('a person: %s', (header) => {
    expect(of(`${header}\r\n`)).toEqual({ automated: false, fromUs: false });
  });

  it('ourselves, by our address', () => {
    expect(of('', 'x', { ...known, from: 'aduan@kab.example' })).toEqual({ automated: false, fromUs: true });
  });

  it('names the kind of a report', () => {
    expect(of('Content-Type: multipart/report; boundary=x; report-type=feedback-report').report).toBe(
      'feedback-report',
    );
    expect(of('Content-Type: multipart/mixed; report-type=delivery-status').report).toBeUndefined();
  });
});
