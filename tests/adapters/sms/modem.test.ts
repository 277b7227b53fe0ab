import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import sms from '../../../adapters/sms/index.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type Modem, makeModem } from '../../helpers/gammu.ts';
import { CITIZEN, contextOf, itemOf, replyTo } from './context.ts';

let modem: Modem;
let settings: Record<string, unknown>;
beforeEach(async () => {
  modem = await makeModem();
  settings = { via: 'gammu', ...modem.folders, settle: '200ms' };
});
afterEach(() => modem.remove());

const poll = (cursor: unknown) => sms.poll!.page(cursor, contextOf(settings));

test('a real gammu-smsd: an SMS of two parts comes in as one and is put away, an answer goes out and its receipt comes back', async () => {
  const parts = ['Jalan di depan pasar rusak berat, “lubangnya” dalam 👍 ', 'dan gelap kalau malam.'];
  await modem.reach(CITIZEN, ...parts);
  await modem.reach('TSEL', 'Promo paket data');
  await modem.start();
  const first = await eventually(async () => {
    const page = await poll(null);
    expect(page.items).toHaveLength(2);
    return page;
  }, 20_000);
  const items = await Promise.all(first.items.map((one) => itemOf(one.raw, settings)));
  expect(items).toContainEqual(
    expect.objectContaining({
      ...{ type: 'message', threadId: CITIZEN, text: parts.join(''), surface: 'message' },
      ...{ author: { id: CITIZEN, phone: CITIZEN }, at: '2026-11-24T01:15:00.000Z' },
    }),
  );
  expect(items).toContainEqual(expect.objectContaining({ threadId: 'TSEL', automated: true }));

  const long = `${'Sudah kami tambal. '.repeat(12)}Terima kasih [Dinas PUPR] — €5`;
  const { publishedId } = await sms.publish!.send(replyTo(CITIZEN, long), contextOf(settings));
  const receipt = await eventually(async () => {
    const { items } = await poll(first.next);
    expect(items.map((one) => one.key)).toEqual([`sent:${publishedId}`]);
    return itemOf(items[0]!.raw, settings);
  }, 20_000);
  expect(receipt).toMatchObject({ type: 'receipt', state: 'sent', objectId: publishedId });
  expect(receipt).toHaveProperty('publicationKey', '0199f000-aaaa-7bbb-8ccc-0123456789ab');
  expect((await readdir(modem.folders.inbox)).filter((name) => name.startsWith('IN'))).toEqual([]);
  expect(await readdir(join(modem.folders.inbox, 'done'))).toHaveLength(3);
  const log = await readFile(join(modem.folders.inbox, '../log'), 'utf8');
  // Two SMS of the alphabet, escape signs included, with the dash as people type it.
  expect(log).toMatch(/7 bit SMS, length 1\d\d/);
  expect(log.match(/SMS sent on device/g)).toHaveLength(2);
});
