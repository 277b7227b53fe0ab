import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/store/database.ts';
import { refreshSearch } from '../../src/store/register.ts';
import { setTombstone } from '../../src/store/versions.ts';
import { seedComplaint, seedMessage } from '../helpers/register.ts';
import { type Login, type TestApi, testApi } from './helper.ts';

let api: TestApi;
let officer: Login;
beforeAll(async () => {
  api = await testApi();
  officer = await api.login([{ role: 'central_admin' }]);
});
afterAll(() => api.close());

it('what a citizen took back is kept, and shown and found nowhere', async () => {
  const { id, messageId } = await seedComplaint(api.db, { text: 'Rumah saya di gang kelinci nomor tujuh' });
  await seedMessage(api.db, id, { text: 'Lampunya mati' });
  const fileId = newId();
  await api.deps.files.put(Buffer.from('foto')).then(({ sha256, size }) =>
    api.db
      .insertInto('attachment')
      .values({
        id: fileId,
        message_id: messageId,
        complaint_id: id,
        channel_id: 'web',
        position: 0,
        name: 'rumah.jpg',
        mime: 'image/jpeg',
        size,
        sha256,
        state: 'stored',
        reason: null,
        source_sealed: null,
        uploaded_by: null,
      })
      .execute(),
  );
  expect((await officer.get(`/api/v1/complaints/${id}/attachments/${fileId}`)).status).toBe(200);
  await api.db.transaction().execute(async (tx) => {
    await setTombstone(tx, messageId, '2026-11-24T09:00:00.000Z');
    await refreshSearch(tx, [id]);
  });
  const detail = await officer.get(`/api/v1/complaints/${id}`);
  expect(detail.text).not.toContain('kelinci');
  expect(detail.body).toMatchObject({ text: '', title: 'Dihapus oleh penulisnya' });
  const messages = detail.body.messages as {
    id: string;
    text: string;
    deletedAt: string | null;
    attachments: unknown[];
  }[];
  expect(messages.find((one) => one.id === messageId)).toMatchObject({ text: '', attachments: [] });
  expect(messages.map((one) => one.text)).toContain('Lampunya mati');
  expect((await officer.get(`/api/v1/complaints/${id}/attachments/${fileId}`)).status).toBe(404);
  expect((await officer.get('/api/v1/complaints?q=kelinci')).body).toMatchObject({ items: [] });
  expect((await officer.get('/api/v1/complaints?q=lampu')).text).toContain(id);
  const row = await api.db.selectFrom('message').select('text').where('id', '=', messageId).executeTakeFirstOrThrow();
  expect(row.text).toContain('kelinci');
});
