import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../simulators/meta/index.ts';
import { saveDraft } from '../../src/flows/desk/drafts.ts';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { seedUser } from '../helpers/register.ts';
import { serveHook } from './hook.ts';
import { type MetaHub, metaHub, NUMBER, phoneOptions, whatsappChannel } from './world.ts';

let world: MetaHub;
let hook: Awaited<ReturnType<typeof serveHook>>;
beforeAll(async () => {
  world = await metaHub({
    meta: { phones: [phoneOptions], delivering: { twice: 0.5, shuffle: true } },
    channels: (url) => [whatsappChannel(url)],
    hub: { policies: { receipt: { enabled: true, text: 'Nomor aduan Anda {ticketNo}.' } } },
  });
  hook = await serveHook(world.hub);
  world.meta.deliverTo(hook.url);
  await world.hub.work();
});
afterAll(async () => {
  await world.close();
  await hook.close();
});

let person: Person;
let n = 0;
beforeEach(() => {
  n += 1;
  person = { id: `62812555${String(n).padStart(5, '0')}`, name: 'Lina' };
});
const PHOTO = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]);
const DAY_MS = 86_400_000;

const db = () => world.hub.deps.db;
const messageOf = (id: string) =>
  eventually(() => db().selectFrom('message').selectAll().where('object_id', '=', id).executeTakeFirstOrThrow());
const chat = () => [...world.meta.world.chats.values()].find((one) => one.person.id === person.id)!;
const stateOf = (id: string, state: string) =>
  eventually(async () => {
    const row = await publicationOf(world.hub, id);
    expect(row.state).toBe(state);
    return row;
  });

it('a photo becomes a complaint with a receipt, and its answer stands in the chat once', async () => {
  const sent = world.meta.phones.message(NUMBER, person, 'Jalan berlubang', {
    photo: { mime: 'image/jpeg', bytes: PHOTO },
  });
  const message = await messageOf(sent.mid);
  await eventually(async () => {
    const files = await db().selectFrom('attachment').selectAll().where('message_id', '=', message.id).execute();
    expect(files).toMatchObject([{ state: 'stored', mime: 'image/jpeg' }]);
  });
  await eventually(() => expect(chat().messages.filter((one) => one.own)).toHaveLength(1));
  expect(chat().messages.at(-1)?.text).toMatch(/^Nomor aduan Anda /);
  const [id = ''] = await queueAnswers(world.hub, [message.complaint_id], 'Ditambal hari Senin.');
  const published = await stateOf(id, 'published');
  const own = chat().messages.filter((one) => one.text === 'Ditambal hari Senin.');
  expect(own.map((one) => one.mid)).toEqual([published.published_id]);
  await eventually(async () =>
    expect((await publicationOf(world.hub, id)).receipt).toMatchObject({ state: 'delivered' }),
  );
  world.meta.phones.read(NUMBER, own[0]!, person);
  await eventually(async () => expect((await publicationOf(world.hub, id)).receipt).toMatchObject({ state: 'read' }));
});

it('an edit is a version, and what is taken back is sealed', async () => {
  const sent = world.meta.phones.message(NUMBER, person, 'Lampu mati di RT 2');
  const message = await messageOf(sent.mid);
  world.meta.phones.edit(NUMBER, person, sent, 'Lampu mati di RT 3');
  await eventually(async () => expect((await messageOf(sent.mid)).text).toBe('Lampu mati di RT 3'));
  world.meta.phones.revoke(NUMBER, person, sent);
  await eventually(async () => expect((await messageOf(sent.mid)).deleted_at).not.toBeNull());
  expect((await messageOf(sent.mid)).id).toBe(message.id);
});

it("an answer on the office's own phone is kept as given outside the hub", async () => {
  const sent = world.meta.phones.message(NUMBER, person, 'Air PDAM keruh');
  const { complaint_id } = await messageOf(sent.mid);
  const answered = world.meta.phones.staffAnswer(NUMBER, person, 'Petugas menuju lokasi');
  const own = await messageOf(answered.mid);
  expect(own).toMatchObject({ complaint_id, direction: 'out', publication_id: null });
});

it('a send whose answer was lost is settled by its status, and not sent again', async () => {
  const sent = world.meta.phones.message(NUMBER, person, 'Sampah menumpuk');
  const { complaint_id } = await messageOf(sent.mid);
  await eventually(() => expect(chat().messages.some((one) => one.own)).toBe(true));
  world.meta.setFaults([{ do: 'hangup', on: '/messages$', landed: true, times: 1 }]);
  const [id = ''] = await queueAnswers(world.hub, [complaint_id], 'Truk datang besok.');
  const published = await stateOf(id, 'published');
  expect(
    chat()
      .messages.filter((one) => one.text === 'Truk datang besok.')
      .map((one) => one.mid),
  ).toEqual([published.published_id]);
});

describe('a day later', () => {
  const yesterday = () => Date.now() - DAY_MS - 60_000;
  const officer = () => seedUser(db(), { role: 'central_admin' });

  it('an approved answer goes out as the template', async () => {
    const sent = world.meta.phones.message(NUMBER, person, 'Pohon tumbang', { at: yesterday() });
    const { complaint_id } = await messageOf(sent.mid);
    const text = 'Sudah dibersihkan.\nTerima kasih.';
    const draft = await saveDraft(world.hub.deps, await officer(), complaint_id, { text, submit: true });
    expect(draft.state).toBe('approved');
    await eventually(() =>
      expect(chat().messages.map((one) => one.text)).toContainEqual(
        expect.stringMatching(/^Jawaban atas aduan .+: Sudah dibersihkan\. – Terima kasih\.$/),
      ),
    );
  });

  it('one that the template cannot carry is refused while it is written', async () => {
    const sent = world.meta.phones.message(NUMBER, person, 'Jembatan retak', { at: yesterday() });
    const { complaint_id } = await messageOf(sent.mid);
    const long = saveDraft(world.hub.deps, await officer(), complaint_id, { text: 'x'.repeat(901) });
    await expect(long).rejects.toMatchObject({ code: 'cannot_answer', faults: [{ code: 'too_long' }] });
  });
});
