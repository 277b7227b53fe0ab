import { describe, expect, it } from 'vitest';
import { kanal } from './recorder.ts';

describe('kanal', () => {
  it.each([
    [['serve'], ['serve']],
    [['api'], ['api']],
    [['worker'], ['worker']],
    [['migrate'], ['migrate']],
    [['check'], ['check', { live: false, diff: false }]],
    [
      ['check', '--live', '--diff'],
      ['check', { live: true, diff: true }],
    ],
    [['schema'], ['writeSchemas', 'docs/schema']],
    [
      ['schema', 'x'],
      ['writeSchemas', 'x'],
    ],
    [['audit', 'verify'], ['verifyAudit']],
    [['channel', 'list'], ['listChannels']],
    [
      ['channel', 'poll', 'lapor'],
      ['pollChannel', 'lapor'],
    ],
    [
      ['channel', 'pause', 'lapor'],
      ['pauseChannel', 'lapor'],
    ],
    [
      ['channel', 'resume', 'lapor'],
      ['resumeChannel', 'lapor'],
    ],
    [
      ['channel', 'replay', 'lapor', '--from', '2026-11-24T08:00+07:00', '--to', '2026-11-24T02:00Z'],
      ['replayChannel', 'lapor', { from: new Date('2026-11-24T01:00Z'), to: new Date('2026-11-24T02:00Z') }],
    ],
    [
      ['user', 'add', 'siti', '--name', 'Siti', '--role', 'central_admin', 'unit_staff@dinas-pupr/bina-marga'],
      [
        'addUser',
        {
          login: 'siti',
          name: 'Siti',
          grants: [
            { role: 'central_admin', agencyId: null, unitId: null },
            { role: 'unit_staff', agencyId: 'dinas-pupr', unitId: 'bina-marga' },
          ],
        },
      ],
    ],
    [
      ['user', 'notify', 'siti', '--phone', '0812-3456-7890'],
      ['setNotices', 'siti', { phone: '+6281234567890', kinds: ['new', 'approval', 'deadline', 'assist'] }],
    ],
    [
      ['user', 'notify', 'siti', '--phone', '0812-3456-7890', '--on', 'approval', 'deadline'],
      ['setNotices', 'siti', { phone: '+6281234567890', kinds: ['approval', 'deadline'] }],
    ],
    [
      ['user', 'notify', 'siti', '--off'],
      ['setNotices', 'siti', { phone: null, kinds: [] }],
    ],
    [
      ['key', 'add', 'siti', '--agency', 'dinkes'],
      ['addKey', { login: 'siti', label: 'kanal key add', agency: 'dinkes', unit: null }],
    ],
  ])('%j', async (args, call) => {
    expect(await kanal(args)).toMatchObject({ code: 0, calls: [call], err: '' });
  });

  it('shows a new key, and what channels there are', async () => {
    expect((await kanal(['key', 'add', 'siti'])).out).toBe('ka_kunci\n');
    expect((await kanal(['channel', 'list'])).out).toMatch(/^lapor +webhook +Normal +Lapor\n$/);
  });

  it('takes the value of a secret from its input, never from the command line', async () => {
    const { code, calls, out } = await kanal(['secret', 'set', 'LAPOR_TOKEN'], {}, 'nilai rahasia');
    expect([code, calls]).toEqual([0, [['setSecret', 'LAPOR_TOKEN', 'nilai rahasia']]]);
    expect(out).not.toContain('nilai rahasia');
    expect(await kanal(['secret', 'set', 'LAPOR_TOKEN', 'nilai'])).toMatchObject({ code: 1, calls: [] });
    const mistaken = await kanal(['secret', 'set', 'nilai-rahasia']);
    expect(mistaken).toMatchObject({ code: 1, calls: [] });
    expect(mistaken.err).not.toContain('nilai-rahasia');
    expect(await kanal(['secret', 'set', 'LAPOR_TOKEN'], {}, '')).toMatchObject({ code: 1, calls: [] });
  });

  it('ends with 1 when a check or the audit finds something', async () => {
    expect(await kanal(['check'], { check: async () => false })).toMatchObject({ code: 1, err: '' });
    const audit = await kanal(['audit', 'verify'], {
      verifyAudit: async () => ({ events: 3, breaks: ['aduan x: putus'] }),
    });
    expect(audit).toMatchObject({ code: 1, err: 'aduan x: putus\n', out: '' });
  });

  it('says in one line what went wrong', async () => {
    const failing = { migrate: () => Promise.reject(new Error('basis data tidak menjawab')) };
    expect(await kanal(['migrate'], failing)).toMatchObject({ code: 1, err: 'kanal: basis data tidak menjawab\n' });
  });

  it.each([
    [['nosuch'], /unknown command/],
    [['user', 'add', 'siti', '--name', 'Siti', '--role', 'bos'], /"bos" bukan peran.*central_admin/],
    [['channel', 'replay', 'lapor', '--from', 'kemarin'], /tulis tanggal/],
    [['channel', 'replay', 'lapor', '--from', '2026-11-24T08:00'], /selisih waktunya/],
    [['key', 'add', 'siti', '--unit', 'x'], /--unit butuh --agency/],
    [['channel', 'poll'], /missing required argument/],
  ])('refuses %j', async (args, message) => {
    expect(await kanal(args)).toMatchObject({ code: 1, calls: [], err: expect.stringMatching(message) });
  });

  it('explains itself', async () => {
    const { code, out } = await kanal(['--help']);
    expect(code).toBe(0);
    for (const name of ['serve', 'check', 'secret', 'channel', 'audit']) expect(out).toContain(name);
  });
});
