import { z } from 'zod';
import { type AnswerPlace, duration } from '#contract';
import { id } from './id.ts';
import { channelImport } from './import.ts';

/** A file in `channels/`. `settings` is checked by the adapter's own schema. */
export const channelSchema = z.strictObject({
  id: id().meta({ description: 'Sama dengan nama berkas' }),
  label: z.string().min(1).meta({ description: 'Nama kanal yang dilihat petugas dan warga' }),
  adapter: z.string().meta({ description: 'Jenis kanal' }),
  account: z.string().min(1).meta({ description: 'Akun di platform itu' }),
  mode: z.enum(['automatic', 'assisted']).optional().meta({
    description:
      'assisted: petugas mencatat yang masuk dan menayangkan jawaban dengan tangan, lalu mengonfirmasinya; dijemput hanya bila poll atau endpoint diisi. Tanpa ini: automatic, kecuali adapternya tidak dapat menjawab sendiri',
  }),
  endpoint: id().optional().meta({ description: 'Titik terima di hub.yaml; tanpa ini kanal hanya dijemput' }),
  agency: id().optional().meta({ description: 'Instansi bagi aduan yang tidak diarahkan oleh aturan' }),
  unit: id().optional(),
  enabled: z.boolean().default(true),
  poll: z
    .union([z.strictObject({ every: duration() }), z.literal(false)])
    .optional()
    .meta({ description: 'Jadwal penjemputan; false: tidak dijemput; tanpa ini: menurut adapternya' }),
  publish: z
    .strictObject({
      concurrency: z.int().min(1).max(64).default(4),
      receipts: z
        .boolean()
        .optional()
        .meta({ description: 'Kirim tanda terima otomatis; tanpa ini: ya, kecuali mode assisted' }),
      statuses: z
        .boolean()
        .optional()
        .meta({ description: 'Kabarkan perubahan status ke sumber aduan; tanpa ini: ya, kecuali mode assisted' }),
      maxPerMinute: z.int().min(1).optional(),
      maxPerDay: z
        .int()
        .min(1)
        .optional()
        .meta({ description: 'Paling banyak sekian pengiriman dalam 24 jam terakhir; selebihnya menunggu' }),
      sendTimeout: duration()
        .optional()
        .meta({ description: 'Batas waktu satu pengiriman; tanpa ini menurut policies.publish dan adapternya' }),
    })
    .prefault({}),
  expect: z
    .union([z.strictObject({ every: duration() }), z.literal(false)])
    .optional()
    .meta({
      description:
        'Paling lama sekian tanpa kabar baru sebelum kanal ini dianggap sepi tak wajar; false: tidak dinilai; tanpa ini: menurut kebiasaannya sendiri',
    }),
  awaitingAccess: z.string().min(1).max(300).optional().meta({
    description: 'Kanal ini menunggu izin platform; tulis apa yang diajukan dan kapan. Hapus setelah izin keluar',
  }),
  settle: duration().optional().meta({ description: 'Menggantikan policies.settle untuk kanal ini' }),
  import: channelImport
    .optional()
    .meta({ description: 'Arti kolom berkas CSV dan Excel yang diimpor; tanpa ini menurut nama kolom yang umum' }),
  settings: z.unknown().optional().meta({ description: 'Setelan menurut adapternya' }),
});

export type ChannelFile = z.infer<typeof channelSchema>;

/** A channel account, ready for use. */
export interface Channel extends Omit<ChannelFile, 'poll' | 'mode' | 'publish'> {
  /** `assisted`: people enter what came and publish what goes out. */
  mode: 'automatic' | 'assisted';
  publish: ChannelFile['publish'] & { receipts: boolean; statuses: boolean };
  /** `null`: not polled. `every` in milliseconds. */
  poll: { every: number } | null;
  /** As the adapter's schema gives it; `undefined` where a channel in mode `assisted` needs none. */
  settings: unknown;
  /** Relative to the configuration folder, such as `channels/lapor.yaml`. */
  file: string;
}

/** A place of this channel, for `rulesOf`. Without the channel (its file is broken) the adapter's general rules count. */
export const placeOn = (channel: Channel | undefined, at: Pick<AnswerPlace, 'surface' | 'privately'>): AnswerPlace => ({
  ...at,
  settings: channel?.settings,
  byHand: channel?.mode === 'assisted',
});
