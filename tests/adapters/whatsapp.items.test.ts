import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Item } from '#contract';
import { item as itemSchema } from '#contract';
import whatsapp from '../../adapters/whatsapp/index.ts';
import { BUSINESS, NUMBER } from './whatsapp.platform.ts';

interface Fixture {
  name: string;
  change: unknown;
}
const fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/meta/whatsapp.json', import.meta.url), 'utf8'),
) as Fixture[];

const AT = new Date(1_795_402_000_000).toISOString();
const settings = { history: 'take' };

/** From the wire to items: unpacked, and read. */
async function itemsOf(name: string, about: Record<string, unknown> = settings): Promise<(Item | null)[]> {
  const { change } = fixtures.find((one) => one.name === name)!;
  const delivery = { object: 'whatsapp_business_account', entry: [{ id: BUSINESS, changes: [change] }] };
  const unpacked = whatsapp.receive!.unpack({ body: Buffer.from(JSON.stringify(delivery)), headers: {}, query: {} });
  if (unpacked === 'wake') throw new Error('no items');
  const ctx = { channel: { id: 'wa', account: NUMBER }, settings: about, receivedAt: new Date() };
  return Promise.all(unpacked.map((raw) => whatsapp.normalise(raw.raw, ctx as never)));
}

const from = {
  author: { id: 'ID.90210000000000000001', phone: '+6281255512345', name: 'Lina', handle: 'linah' },
  threadId: 'wa:ID.90210000000000000001',
  ref: { at: AT, to: '6281255512345', user: 'ID.90210000000000000001' },
};
const file = (mime: string, name?: string) => [
  { ref: { media: '2754859441498128', sha256: 'aGVsbG8=' }, mime, ...(name && { name }) },
];
const UNSEEN = expect.stringContaining('tidak dibukakan WhatsApp');

const EXPECTED: Record<string, (Record<string, unknown> | null)[]> = {
  text: [
    {
      type: 'message',
      objectId: 'wamid.T1',
      at: AT,
      surface: 'message',
      text: 'Pipa PDAM bocor di Jl. Kenanga',
      ...from,
    },
  ],
  'text that quotes us': [{ parentId: 'wamid.OLD' }],
  'image with caption': [{ text: 'Jalan rusak', attachments: file('image/jpeg') }],
  'voice note': [{ text: '', attachments: file('audio/ogg') }],
  video: [{ attachments: file('video/mp4') }],
  document: [{ text: 'Surat RT', attachments: file('application/pdf', 'surat aduan.pdf') }],
  sticker: [{ attachments: file('image/webp') }],
  location: [
    {
      text: 'Pasar Contoh\nJl. Pahlawan',
      location: { lat: -7.6681, lon: 109.6543, text: 'Pasar Contoh, Jl. Pahlawan' },
    },
  ],
  contacts: [{ text: 'Kontak: Pak RT, +62 812-5550-1111' }],
  reaction: [null],
  'button of a template': [{ text: 'Sudah selesai' }],
  'button reply': [{ text: 'Ya' }],
  'list reply': [{ text: 'Lampu jalan\nPenerangan umum' }],
  'filled form': [{ text: 'Terkirim\ndesa: Karangsari\nrt: 2' }],
  'filled form that is no object': [{ text: '[1]' }],
  order: [{ text: 'Pesan dua', title: 'Pesanan dari katalog' }],
  'system: new number': [null],
  unsupported: [{ text: '', title: UNSEEN }],
  edit: [{ objectId: 'wamid.T1', edited: true, text: 'Pipa PDAM bocor di Jl. Kenanga no. 4' }],
  revoke: [{ type: 'deletion', objectId: 'wamid.T1', at: AT }],
  'person without a number': [
    {
      author: { id: 'ID.90210000000000000002', name: 'Budi', handle: 'budi' },
      ...{ threadId: 'wa:ID.90210000000000000002', ref: { at: AT, user: 'ID.90210000000000000002' } },
    },
  ],
  'user id where the number should be': [{ author: { id: 'ID.90210000000000000003' } }],
  'message in a group': [{ threadId: 'group:120363000000000000@g.us', ref: { group: '120363000000000000@g.us' } }],
  'from an advertisement': [{ context: { post: { text: 'Lapor\nLewat WhatsApp', permalink: 'https://fb.me/abc' } } }],
  "answer from the office's phone": [
    { fromUs: true, objectId: 'wamid.EC1', threadId: 'wa:6281255512345', text: 'Besok dicek petugas' },
  ],
  'old chats': [
    { objectId: 'wamid.H1', automated: true, threadId: 'wa:6281255512345' },
    { objectId: 'wamid.H2', fromUs: true, threadId: 'wa:6281255512345' },
  ],
  'status sent': [
    { type: 'receipt', objectId: 'wamid.OUT1', state: 'sent', publicationKey: '0192f0c1-0000-7000-8000-000000000001' },
  ],
  'status delivered': [{ state: 'delivered' }],
  'status read': [{ state: 'read' }],
  'status played': [{ state: 'read' }],
  'status failed': [{ state: 'failed', reason: expect.stringMatching(/24 jam.*131047/) }],
  'status deleted': [{ state: 'removed' }],
  'status warning': [null],
  'template paused': [null],
};

it.each(fixtures.map(({ name }) => name))('%s', async (name) => {
  const items = await itemsOf(name);
  for (const one of items) if (one) itemSchema.parse(one);
  const expected = EXPECTED[name]?.map((one) => (one === null ? null : expect.objectContaining(nested(one))));
  expect(items).toEqual(expected);
});

/** `ref` need only hold what is named here. */
const nested = ({ ref, ...rest }: Record<string, unknown>) =>
  ref === undefined ? rest : { ...rest, ref: expect.objectContaining(ref as object) };

it('leaves old chats alone unless they are wanted', async () => {
  expect(await itemsOf('old chats', { history: 'ignore' })).toEqual([null, null]);
});
