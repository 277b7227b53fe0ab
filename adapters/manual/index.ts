import { z } from 'zod';
import { defineAdapter, SURFACES } from '#contract';

const settings = z.strictObject({
  surface: z.enum(SURFACES).meta({
    description: 'form: loket; call: telepon; letter: surat; report: musyawarah desa; post: dinding orang lain',
  }),
});
type Settings = z.infer<typeof settings>;

/** Ways that no machine brings in: the counter, the telephone, letters, village meetings, posts on other people's walls. */
export default defineAdapter<Settings>({
  name: 'manual',
  settings,
  entry: { surfaces: SURFACES, usual: ({ surface }) => surface },
  setup: [
    {
      kind: 'manual',
      label: 'Loket, telepon, surat, musyawarah desa (dicatat petugas)',
      account: { ask: 'Nama singkat tempat atau nomornya', example: 'loket-diskominfo' },
      questions: [
        {
          key: 'surface',
          ask: 'Bentuknya: form (loket), call (telepon), letter (surat), report (musyawarah), atau post',
          example: 'form',
        },
      ],
      next: 'Petugas mencatat aduan dengan POST /api/v1/complaints; lihat docs/loket.md.',
    },
  ],
});
