import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Question } from '#contract';
import { idFor, type NewChannel, type Offer, secretFor } from '../config/newChannel.ts';
import type { Commands } from './commands.ts';
import { tryIt } from './connect.ts';
import type { Io } from './io.ts';

interface Options {
  kind?: string;
  label?: string;
  account?: string;
  agency?: string;
  id?: string;
  endpoint?: string;
  answer: Record<string, string>;
  secret: Record<string, string>;
  try: boolean;
}

export function addAdding(channel: Command, commands: Commands, io: Io): void {
  channel
    .command('add')
    .description('menambah kanal: bertanya, memeriksa, lalu menulis berkasnya; paling banyak enam pertanyaan')
    .option('--kind <jenis>', 'jenis kanal; tanpa ini ditanyakan')
    .option('--label <nama>', 'nama kanal yang dilihat petugas dan warga')
    .option('--account <akun>', 'akun di platform itu')
    .option('--agency <instansi>', 'instansi bagi aduan yang tidak diarahkan oleh aturan')
    .option('--id <id>', 'nama berkas; tanpa ini dari nama kanal')
    .option('--endpoint <titik>', 'titik terima di hub.yaml')
    .option('--answer <nama=isi...>', 'jawaban pertanyaan lain, misalnya clientId=1234', pairOf, {})
    .option(
      '--secret <nama=RAHASIA...>',
      'memakai rahasia yang sudah disimpan, misalnya clientSecret=GOOGLE_SECRET',
      pairOf,
      {},
    )
    .option('--no-try', 'tidak menghubungi platform sesudahnya')
    .action((options: Options) => add(options, commands, io));
}

function pairOf(text: string, before: Record<string, string>): Record<string, string> {
  const [, key, value] = /^([A-Za-z]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined)
    throw new InvalidArgumentError('tulis nama=isi, misalnya clientId=1234');
  return { ...before, [key]: value };
}

async function add(options: Options, commands: Commands, io: Io): Promise<void> {
  const { offers, agencies } = await commands.channelOffers();
  const offer = await kindOf(options, offers, io);
  const label = await given(options.label, { ask: 'Nama kanal', example: offer.label.replace(/ \(.*/, '') }, io);
  const id = options.id ?? idFor(label);
  if (!id) throw new Error('nama kanal itu tidak punya huruf atau angka; tulis juga --id');
  if (await commands.isChannelTaken(id))
    throw new Error(`channels/${id}.yaml sudah ada dan tidak ditimpa; pilih nama lain, atau tulis --id`);
  const account = await given(options.account, offer.account, io);
  const { answers, secrets, values } = await askAll(offer, { ...options, id }, io);
  const agency = await agencyOf(options, { agencies, ask: offer.questions.length <= 2 }, io);
  const order: NewChannel = {
    kind: offer.kind,
    id,
    label,
    account,
    answers,
    secrets,
    agency,
    endpoint: options.endpoint,
  };
  await save(order, values, { commands, io, offer, tries: options.try });
}

async function kindOf({ kind }: Options, offers: readonly Offer[], io: Io): Promise<Offer> {
  if (kind === undefined) {
    io.out('Jenis kanal:\n');
    for (const [number, one] of offers.entries()) io.out(`  ${String(number + 1).padStart(2)}. ${one.label}\n`);
  }
  const answer = kind ?? (await io.ask('Pilih nomor atau namanya: ')).trim();
  const found = offers[Number(answer) - 1] ?? offers.find((one) => one.kind === answer);
  if (!found)
    throw new Error(`tidak ada jenis kanal "${answer}"; yang ada: ${offers.map((one) => one.kind).join(', ')}`);
  return found;
}

type Asked = Pick<Question, 'ask' | 'example'> & Partial<Pick<Question, 'hint' | 'optional'>>;

/** What a flag says, or the answer to the question. */
async function given(flag: string | undefined, { ask, hint, example, optional }: Asked, io: Io): Promise<string> {
  const answer = (flag ?? (await io.ask(promptOf({ ask, ...(hint && { hint }), example })))).trim();
  if (answer === '' && !optional) throw new Error(`"${ask}" belum diisi; tidak ada yang ditulis`);
  return answer;
}

const promptOf = ({ ask, hint, example }: Asked): string =>
  `${ask}${hint ? ` (${hint})` : ''}${example ? `, misalnya ${example}` : ''}: `;

interface Answers {
  answers: Record<string, string>;
  /** Names of secrets, and the values that are to be stored under them. */
  secrets: Record<string, string>;
  values: Record<string, string>;
}

async function askAll(
  { questions }: Offer,
  { answer, secret, id }: Options & { id: string },
  io: Io,
): Promise<Answers> {
  const unknown = [...Object.keys(answer), ...Object.keys(secret)].filter(
    (key) => !questions.some((one) => one.key === key),
  );
  if (unknown.length > 0) throw new Error(`jenis kanal ini tidak menanyakan ${unknown.join(', ')}`);
  const all: Answers = { answers: {}, secrets: {}, values: {} };
  for (const question of questions) {
    const { key } = question;
    if (!question.secret) all.answers[key] = await given(answer[key], question, io);
    else if (secret[key] !== undefined) all.secrets[key] = secret[key];
    else await askSecret(question, secretFor(id, key), all, io);
  }
  return all;
}

async function askSecret({ key, ask, hint, optional }: Question, name: string, all: Answers, io: Io): Promise<void> {
  const value = await io.askHidden(`${ask}${hint ? ` (${hint})` : ''}; tidak ditampilkan: `);
  if (value === '' && optional) return;
  if (value === '') throw new Error(`"${ask}" belum diisi; tidak ada yang ditulis`);
  all.secrets[key] = name;
  all.values[name] = value;
}

async function agencyOf(
  { agency }: Options,
  { agencies, ask }: { agencies: readonly { id: string; name: string }[]; ask: boolean },
  io: Io,
): Promise<string | undefined> {
  if (agency !== undefined || !ask || agencies.length === 0) return agency;
  const known = agencies.map(({ id }) => id).join(', ');
  const answer = await io.ask(
    `Instansi bagi aduan yang tidak diarahkan aturan (${known}); kosongkan bila belum ditentukan: `,
  );
  return answer.trim() || undefined;
}

interface Saving {
  commands: Commands;
  io: Io;
  offer: Offer;
  tries: boolean;
}

async function save(
  order: NewChannel,
  values: Record<string, string>,
  { commands, io, offer, tries }: Saving,
): Promise<void> {
  const draft = await commands.draftChannel(order);
  if (draft.faults.length > 0)
    throw new Error(`berkasnya belum benar, jadi tidak ada yang ditulis:\n${draft.faults.join('\n')}`);
  await commands.saveChannel(draft, values);
  io.out(`${draft.file} ditulis.\n`);
  for (const name of Object.keys(values)) io.out(`Rahasia ${name} tersimpan terenkripsi.\n`);
  io.out(`${offer.next}\n`);
  if (draft.connects) io.out(`Berikutnya: kanal channel connect ${order.id}\n`);
  else if (tries) await tryIt(order.id, commands, io);
  io.out('Mulai ulang hub agar kanal ini berjalan.\n');
}
