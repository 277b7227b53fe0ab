import { describe, expect, it } from 'vitest';
import { ChannelError, type Health, type Json } from '#contract';
import { type CheckOptions, checkConfig } from '../../src/cli/check.ts';
import type { Channel } from '../../src/config/load.ts';
import { adapters } from '../config/adapters.ts';
import { channel, folder, HUB } from '../config/folder.ts';

interface Given {
  files: Record<string, string>;
  options?: Partial<CheckOptions>;
  last?: Json;
  probe?: (channel: Channel) => Promise<Health>;
}

async function check({ files, options, last, probe }: Given) {
  let text = '';
  const asked: string[] = [];
  const contoh = adapters.contoh && { ...adapters.contoh, probe: async () => ({ detail: '' }) };
  const ok = await checkConfig(
    {
      configDir: await folder(files),
      adapters: { ...adapters, ...(contoh && { contoh }) },
      out: (line) => {
        text += line;
      },
      lastSnapshot: async () => {
        asked.push('diff');
        return last;
      },
      probe: async (probed) => {
        asked.push(probed.id);
        return probe ? probe(probed) : { detail: 'masuk sebagai Uji', expiresAt: new Date('2027-01-02T00:00:00Z') };
      },
    },
    { live: false, diff: false, ...options },
  );
  return { ok, text, asked };
}

const GOOD = { 'hub.yaml': HUB, 'channels/lapor.yaml': channel('lapor') };

describe('kanal check', () => {
  it('says what there is, and asks nobody', async () => {
    expect(await check({ files: GOOD })).toEqual({
      ok: true,
      text: 'Kabupaten Uji: 2 instansi, 1 kanal baik, 0 kanal salah setelan\n',
      asked: [],
    });
  });

  it('prints every fault of every file at once', async () => {
    const { ok, text } = await check({
      files: { ...GOOD, 'channels/a.yaml': channel('a', 'x: 1\n'), 'channels/b.yaml': channel('b', 'agency: dinke\n') },
    });
    expect(ok).toBe(false);
    expect(text).toMatch(/^channels\/a\.yaml:8 x: nama setelan ini tidak dikenal \(boleh: /m);
    expect(text).toMatch(/^channels\/b\.yaml:8 agency: .*\(boleh: dinkes\? atau dukcapil\)$/m);
    expect(text).toContain('1 kanal baik, 2 kanal salah setelan');
  });

  it('says when hub.yaml cannot be used', async () => {
    const { ok, text } = await check({ files: { ...GOOD, 'hub.yaml': 'x: 1\n' } });
    expect(ok).toBe(false);
    expect(text).toMatch(/^hub\.yaml:1 site: belum diisi/m);
    expect(text).toContain('hub tidak akan berjalan');
  });

  it('--diff shows what would change', async () => {
    const first = await check({ files: GOOD, options: { diff: true } });
    expect(first.text).toContain('  channels.lapor.account: (-) -> akun-lapor\n');
    expect(first).toMatchObject({ ok: true, asked: ['diff'] });
  });

  it('--live asks nobody about a channel that people serve without an access', async () => {
    const byHand = 'id: tangan\nlabel: X\nadapter: contoh\naccount: x\nmode: assisted\n';
    const { ok, text, asked } = await check({
      files: { 'hub.yaml': HUB, 'channels/tangan.yaml': byHand },
      options: { live: true },
    });
    expect([ok, asked]).toEqual([true, []]);
    expect(text).toContain('tangan: dikerjakan petugas');
  });

  it('--live asks each enabled channel, and one that fails does not hide the others', async () => {
    const files = {
      ...GOOD,
      'channels/mati.yaml': channel('mati'),
      'channels/diam.yaml': channel('diam', 'enabled: false\n'),
      'channels/jemput.yaml': 'id: jemput\nlabel: J\nadapter: hanya-jemput\naccount: j\nsettings: {}\n',
    };
    const probe = async ({ id }: Channel): Promise<Health> => {
      if (id === 'mati') throw new ChannelError('auth', 'the token has ended');
      return { detail: 'masuk sebagai Uji', expiresAt: new Date('2027-01-02T00:00:00Z') };
    };
    const { ok, text, asked } = await check({ files, options: { live: true }, probe });
    expect(ok).toBe(false);
    expect(asked.sort()).toEqual(['lapor', 'mati']);
    expect(text).toContain('lapor: baik. masuk sebagai Uji; berlaku sampai 2027-01-02\n');
    expect(text).toContain('mati: GAGAL. the token has ended\n');
    expect(text).toContain('diam: tidak diaktifkan\n');
    expect(text).toContain('jemput: adapter hanya-jemput tidak dapat diperiksa');
  });
});
