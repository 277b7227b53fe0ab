import { z } from 'zod';

/** What the form can ask for beside the complaint's own text. */
export const DOOR_FIELDS = ['title', 'place', 'date', 'name', 'phone', 'email', 'address'] as const;
export type DoorField = (typeof DOOR_FIELDS)[number];

const words = (max: number) => z.string().trim().min(1).max(max);

const officer = z
  .strictObject({
    name: words(200).optional().meta({ description: 'Nama atau jabatan' }),
    email: z
      .string()
      .regex(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'alamat email, seperti pdp@contohkab.go.id')
      .optional(),
    phone: words(40).optional(),
  })
  .refine(({ email, phone }) => email !== undefined || phone !== undefined, 'isi email atau phone, sedikitnya satu')
  .meta({ description: 'Pejabat Pelindungan Data Pribadi (UU 27/2022 Pasal 53): wajib ada' });

const retention = z.strictObject({
  identity: words(200).default('disamarkan 1 tahun setelah aduan selesai'),
  text: words(200).default('5 tahun'),
  trail: words(200).default('5 tahun'),
  raw: words(200).default('30 hari'),
});

const privacy = z.strictObject({
  controller: words(300).meta({ description: 'Pengendali data: nama dan alamat instansi' }),
  officer,
  recipients: z.array(words(300)).max(30).default([]).meta({
    description: 'Penerima dan pemroses data di luar kanal di hub ini, misalnya penyedia server',
  }),
  retention: retention.prefault({}).meta({ description: 'Masa simpan menurut JRA; bawaan adalah usulan' }),
});

/** What a channel says about the citizen's own door: the form at `/lapor`, and the notice at `/privasi`. */
export const door = z
  .strictObject({
    address: z
      .url({ protocol: /^https?$/, error: 'alamat lengkap, seperti https://aduan.contohkab.go.id' })
      .meta({ description: 'Alamat hub yang dibuka warga, tanpa /lapor' }),
    title: words(80).default('Sampaikan aduan Anda'),
    intro: words(600).default('Tulis keluhan atau usulan Anda tentang layanan pemerintah daerah. Layanan ini gratis.'),
    ask: z
      .array(z.enum(DOOR_FIELDS))
      .default(['title', 'place', 'date', 'name', 'phone', 'email'])
      .meta({ description: 'Isian yang ditampilkan di samping isi aduan' }),
    required: z.array(z.enum(DOOR_FIELDS)).default([]).meta({
      description: 'Isian yang wajib menurut SOP; nama, kontak, dan alamat tidak diwajibkan bagi pelapor anonim',
    }),
    anonymous: z.enum(['allowed', 'refused']).default('allowed').meta({ description: 'Bolehkah melapor tanpa nama' }),
    categories: z
      .array(z.strictObject({ code: words(100), label: words(100) }))
      .max(30)
      .default([])
      .meta({ description: 'Pilihan topik; aturan di hub.yaml (when.category) dapat mengarahkannya ke instansi' }),
    photos: z.int().min(0).max(10).default(3).meta({ description: 'Paling banyak sekian foto atau PDF; 0: tidak ada' }),
    hotlines: z
      .array(z.strictObject({ label: words(80), number: words(40) }))
      .max(6)
      .default([])
      .meta({ description: 'Nomor penting, misalnya darurat 112' }),
    nextInstance: words(300)
      .default('Ombudsman Republik Indonesia')
      .meta({ description: 'Instansi berikutnya bila warga tidak puas, beserta kontaknya' }),
    privacy,
  })
  .refine(({ ask, required }) => required.every((field) => ask.includes(field)), {
    path: ['required'],
    error: 'yang wajib harus juga ditanyakan: tambahkan ke ask',
  })
  .meta({ title: 'Formulir warga' });

export type Door = z.infer<typeof door>;
