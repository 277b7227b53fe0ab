import { expect, it } from 'vitest';
import { kanal } from './recorder.ts';

it('says what each rule would do, and where people saw it otherwise', async () => {
  const trial = {
    ...{ looked: 10, untouched: 6 },
    rules: [
      {
        rule: 'pujian',
        count: 3,
        effect: 'bukan aduan (pujian)',
        workedOn: 1,
        examples: [{ channel: 'fb', text: '👍' }],
      },
      { rule: 'routing.1', count: 1, effect: 'ke dpupr', workedOn: 0, examples: [{ channel: 'ig', text: '' }] },
    ],
  };
  const { code, calls, out } = await kanal(['rules', 'try', '--last', '10'], { tryRules: async () => trial });
  expect([code, calls]).toEqual([0, []]);
  expect(out.split('\n')).toEqual([
    '10 kiriman terakhir; 6 tidak dikenai aturan apa pun. Tidak ada yang diubah.',
    'pujian         3  bukan aduan (pujian)',
    '  PERIKSA: 1 di antaranya kini dikerjakan petugas sebagai aduan',
    '  fb: 👍',
    'routing.1      1  ke dpupr',
    '  ig: (tanpa teks)',
    '',
  ]);
});

it('looks at the last 200, and takes a sensible number only', async () => {
  const { calls, out } = await kanal(['rules', 'try']);
  expect(calls).toEqual([['tryRules', 200]]);
  expect(out).toMatch(/Belum ada aturan/);
  for (const last of ['0', '1.5', 'semua', '10001'])
    expect((await kanal(['rules', 'try', '--last', last])).err).toMatch(/bilangan 1 sampai 10000/);
});
