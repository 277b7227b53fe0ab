import { z } from 'zod';
import { duration, KINDS, secret, surface } from '#contract';
import { ENTRY_FIELDS } from '../core/entry.ts';
import { parsePhone } from '../core/leaks/phones.ts';
import { ROLES } from '../core/roles.ts';
import { DISMISSALS } from '../core/routing.ts';
import { SHAPES } from '../core/shapes.ts';
import { id } from './id.ts';

const contacts = z
  .strictObject({
    phones: z
      .array(
        z
          .string()
          .refine(
            (phone) => parsePhone(phone) !== undefined || /^1[\d-]{2,7}$/.test(phone),
            'bukan nomor telepon Indonesia; tulis seperti 0287-381234, 0811-2611-100, atau 112',
          ),
      )
      .default([]),
    emails: z
      .array(
        z.string().regex(/^[^@\s]*@[^@\s]+\.[^@\s]+$/, 'alamat email, atau @domain untuk semua alamat di domain itu'),
      )
      .default([]),
    addresses: z.array(z.string().min(5)).default([]).meta({ description: 'Alamat kantor' }),
  })
  .meta({ description: 'Kontak resmi: boleh disebut dalam jawaban; kontak lain dianggap data pribadi' });

const unit = z.strictObject({ id: id(), name: z.string().min(1) });

const approval = z.strictObject({
  required: z.boolean().default(false).meta({ description: 'Jawaban harus disetujui orang kedua sebelum tayang' }),
  by: z
    .array(z.enum(ROLES))
    .min(1)
    .default(['agency_head', 'unit_head', 'liaison_officer', 'central_admin'])
    .meta({ description: 'Peran yang boleh menyetujui' }),
});

const intake = z.strictObject({
  required: z.array(z.enum(ENTRY_FIELDS)).default([]).meta({
    description: 'Yang wajib ada saat petugas mencatat aduan, menurut SOP; pelapor anonim tidak ditanyai identitas',
  }),
});

const letter = z.strictObject({
  head: z.array(z.string().min(1)).min(1).max(8).optional().meta({ description: 'Kop surat, baris demi baris' }),
  place: z.string().min(1).optional().meta({ description: 'Tempat surat dibuat' }),
  signer: z
    .strictObject({ title: z.string().min(1), name: z.string().min(1), nip: z.string().min(1).optional() })
    .optional()
    .meta({ description: 'Penanda tangan surat jawaban' }),
});

const agency = z.strictObject({
  id: id(),
  name: z.string().min(1),
  units: z.array(unit).default([]),
  approval: approval.prefault({}),
  contacts: contacts.prefault({}),
  intake: intake.prefault({}),
  letter: letter.prefault({}).meta({ description: 'Rupa surat jawaban' }),
});

const words = (description: string) => z.array(z.string().min(1)).min(1).optional().meta({ description });

const repeated = z
  .strictObject({
    times: z
      .int()
      .min(2)
      .max(1_000)
      .meta({ description: 'Teks yang sama sudah datang sekian kali, termasuk yang ini' }),
    within: duration().prefault('24h'),
    by: z
      .enum(['author', 'anyone'])
      .default('author')
      .meta({ description: 'Dari penulis yang sama, atau dari siapa pun' }),
  })
  .meta({ description: 'Teks yang sama persis datang berulang kali' });

const when = z
  .strictObject({
    channel: z.array(id()).min(1).optional(),
    adapter: z.array(z.string()).min(1).optional(),
    surface: z.array(surface).min(1).optional(),
    kind: z.array(z.enum(KINDS)).min(1).optional(),
    category: z.array(z.string()).min(1).optional(),
    words: words('Salah satu kata ini ada dalam teks'),
    withoutWords: words('Tidak satu pun kata ini ada dalam teks'),
    rating: z.array(z.int().min(1).max(5)).min(1).optional().meta({ description: 'Bintang ulasan' }),
    only: z.array(z.enum(SHAPES)).min(1).optional().meta({
      description:
        'Teksnya hanya ini: kosong, emoji, tautan dan sebutan akun, atau ucapan terima kasih. Tidak berlaku bila ada lampiran',
    }),
    shorterThan: z.int().min(2).max(1_000).optional().meta({
      description: 'Teks lebih pendek dari sekian huruf. Tidak berlaku bila ada lampiran',
    }),
    repeated: repeated.optional(),
    ownAccount: z.literal(true).optional().meta({ description: 'Ditulis oleh salah satu akun di ownAccounts' }),
  })
  .meta({ description: 'Semua syarat yang ditulis harus terpenuhi; tanpa syarat: selalu' });

const then = z
  .strictObject({
    agency: id().optional(),
    unit: id().optional(),
    kind: z.enum(KINDS).optional(),
    category: z.string().min(1).optional(),
    accept: z.literal(true).optional().meta({ description: 'Kiriman publik langsung menjadi aduan' }),
    dismiss: z.enum(DISMISSALS).optional().meta({
      description: 'Bukan aduan, melainkan pujian, spam, uji coba, atau kiriman akun sendiri. Tidak dihapus',
    }),
    sensitive: z.literal(true).optional().meta({ description: 'Hanya terlihat oleh penanda dan auditor' }),
  })
  .refine((effect) => Object.keys(effect).length > 0, 'aturan ini tidak berbuat apa-apa; tulis sedikitnya satu akibat')
  .refine((effect) => !(effect.accept && effect.dismiss), 'accept dan dismiss tidak dapat dipakai bersama')
  .refine((effect) => !(effect.sensitive && effect.dismiss), 'sensitive dan dismiss tidak dapat dipakai bersama');

const rule = z
  .strictObject({
    id: id().optional().meta({ description: 'Nama aturan; dicatat pada setiap aduan yang dikenainya' }),
    when: when.prefault({}),
    then,
  })
  .refine((one) => !one.then.dismiss || Object.values(one.when).some((condition) => condition !== undefined), {
    path: ['then', 'dismiss'],
    error: 'dismiss tanpa syarat menandai semua kiriman bukan aduan; tulis sedikitnya satu syarat',
  })
  .refine((one) => one.then.dismiss !== 'praise' || !one.when.rating?.some((stars) => stars <= 2), {
    path: ['when', 'rating'],
    error: 'bintang 1 dan 2 tidak pernah pujian; yang boleh: 3, 4, 5',
  });

const endpoint = z.strictObject({
  adapter: z.string(),
  settings: z.unknown().meta({ description: 'Setelan titik terima menurut adapternya' }),
});

/** Those that only the citizen's own door gives a meaning. */
const OF_THE_DOOR = ['code', 'statusUrl'];
const PLACEHOLDERS = ['ticketNo', 'time', 'channel', 'site', ...OF_THE_DOOR];
const RECEIPT = 'Terima kasih, aduan Anda kami terima pada {time} melalui {channel} dengan nomor {ticketNo}. - {site}';

const receipt = z.strictObject({
  enabled: z.boolean().default(true),
  text: z
    .string()
    .min(1)
    .refine((text) => placeholdersOf(text).every((name) => PLACEHOLDERS.includes(name)), {
      error: `isian yang dikenal hanya ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`,
    })
    .default(RECEIPT)
    .meta({ description: `Isian: ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}` }),
});

const placeholdersOf = (text: string): string[] => [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '');

/** Does the text of a receipt speak of the citizen's own door? */
export const usesDoor = (text: string): boolean => placeholdersOf(text).some((name) => OF_THE_DOOR.includes(name));

const publish = z
  .strictObject({
    sendTimeout: duration().prefault('20s'),
    lease: duration().prefault('60s'),
    maxAttempts: z.int().min(1).max(100).default(8),
    giveUpAfter: duration().prefault('24h'),
  })
  .refine(({ sendTimeout, lease }) => sendTimeout * 2 <= lease, {
    path: ['sendTimeout'],
    error:
      'sendTimeout paling lama setengah dari lease: pengiriman harus pasti berakhir sebelum pekerja lain mengambil alih',
  });

const attachments = z.strictObject({
  maxBytes: z
    .int()
    .min(1)
    .max(1024 ** 3)
    .default(25 * 1024 ** 2)
    .meta({ description: 'Ukuran lampiran terbesar, dalam byte' }),
  allowHosts: z
    .array(z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/i, 'nama host atau host:port, tanpa http://'))
    .default([])
    .meta({ description: 'Host di jaringan sendiri yang boleh diambil lampirannya' }),
});

const assist = z.strictObject({
  within: duration().prefault('4h').meta({
    description:
      'Jawaban yang ditayangkan petugas dengan tangan: paling lama sekian, lalu ditagih, dan ditagih lagi tiap sekian',
  }),
});

const notices = z.strictObject({
  channel: id().meta({ description: 'Kanal yang mengirimnya, misalnya WhatsApp kabupaten' }),
  every: duration().prefault('15m').meta({ description: 'Paling sering sekian untuk tiap orang dan jenis kabar' }),
});

const phone = () => z.string().regex(/^\+\d{8,15}$/, 'nomor dengan kode negara, seperti +6281234567890');
const recipient = z.union([
  z.strictObject({ email: z.string().regex(/^[^@\s]+@[^@\s]+$/, 'alamat email'), channel: id() }),
  z.strictObject({ whatsapp: phone(), channel: id() }),
  z.strictObject({ sms: phone(), channel: id() }),
  z.strictObject({ webhook: z.url({ protocol: /^https?$/ }), secret: secret() }),
]);
export type Recipient = z.infer<typeof recipient>;

const alarms = z.strictObject({
  tell: z.array(recipient).default([]).meta({ description: 'Siapa yang dikabari tentang kanal yang bermasalah' }),
  degradedAfter: duration().prefault('10m').meta({ description: 'Gangguan yang lebih singkat tidak dikabarkan' }),
});

const policies = z.strictObject({
  settle: duration().prefault('2m').meta({ description: 'Jeda tenang sebelum rangkaian pesan diproses' }),
  receipt: receipt.prefault({}),
  attachments: attachments.prefault({}),
  publish: publish.prefault({}),
  assist: assist.prefault({}),
  notices: notices.optional().meta({ description: 'Kabar untuk petugas; tanpa ini tidak ada' }),
  alarms: alarms.prefault({}),
  reopenWithin: duration().prefault('30d').meta({ description: 'Selama ini aduan yang selesai dapat dibuka lagi' }),
});

const site = z.strictObject({
  name: z.string().min(1),
  timezone: z
    .string()
    .refine(isTimezone, 'zona waktu, misalnya Asia/Jakarta, Asia/Makassar, atau Asia/Jayapura')
    .default('Asia/Jakarta'),
  contacts: contacts.prefault({}),
});

function isTimezone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** `hub.yaml`. Durations are milliseconds once parsed. */
export const hubSchema = z.strictObject({
  site,
  agencies: z.array(agency).min(1),
  endpoints: z.record(id(), endpoint).default({}),
  ownAccounts: z
    .record(z.string(), z.array(z.string().trim().min(2)).min(1))
    .default({})
    .meta({ description: 'Akun pemerintah sendiri di tiap jenis kanal: @nama akun, id, atau alamat email' }),
  routing: z.array(rule).default([]),
  policies: policies.prefault({}),
});

export type HubConfig = z.infer<typeof hubSchema>;
export type Agency = HubConfig['agencies'][number];
export type Rule = HubConfig['routing'][number];
