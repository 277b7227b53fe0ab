import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from '#contract';
import sms from '../../../adapters/sms/index.ts';
import { CITIZEN, contextOf, itemOf, replyTo } from './context.ts';

let root: string;
let folders: Record<'inbox' | 'outbox' | 'sent' | 'error', string>;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kanal-spool-'));
  const at = (name: string) => join(root, name);
  folders = { inbox: at('inbox'), outbox: at('outbox'), sent: at('sent'), error: at('error') };
  for (const folder of Object.values(folders)) await mkdir(folder);
});
afterEach(() => rm(root, { recursive: true }));

const MINUTE = 60_000;
const settings = (more: object = {}) => ({ via: 'gammu', ...folders, ...more });
/** As gammu-smsd writes InboxFormat `unicode`. */
const unicode = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
const nameOf = (time: string, part = 0, { sender = CITIZEN, serial = 0, kind = 'txt' } = {}) =>
  `IN20261124_${time}_0${serial}_${sender}_0${part}.${kind}`;

async function arrive(name: string, content: Uint8Array | string, ageMs = MINUTE): Promise<void> {
  const path = join(folders.inbox, name);
  await writeFile(path, content);
  const at = new Date(Date.now() - ageMs);
  await utimes(path, at, at);
}

const poll = (cursor: unknown = null, more: object = {}): Promise<Page<unknown>> =>
  sms.poll!.page(cursor, contextOf(settings(more))) as Promise<Page<unknown>>;
const read = async ({ items }: Page<unknown>) => Promise.all(items.map((one) => itemOf(one.raw, settings())));
const textsIn = async (page: Page<unknown>) =>
  (await read(page)).map((one) => (one?.type === 'message' ? one.text : one));
const here = () => readdir(folders.inbox).then((names) => names.filter((name) => name.startsWith('IN')).sort());

describe('reading the inbox', () => {
  test('parts become one message, though each has its own time and another message stands between them', async () => {
    // The emoji is cut in two at the edge of the parts.
    const [a, b] = [unicode('Jalan rusak \ud83d'), unicode('\udc4d di pasar')];
    await arrive(nameOf('081500'), a);
    await arrive(nameOf('081500', 0, { sender: '+628999111222' }), unicode('Lampu mati'));
    await arrive(nameOf('081501', 1), b);
    await arrive(nameOf('081502', 2), unicode(' sejak Senin'));
    await arrive(nameOf('081500', 0, { serial: 1 }), unicode('Satu lagi'));
    const texts = await textsIn(await poll());
    expect(texts.sort()).toEqual(['Jalan rusak 👍 di pasar sejak Senin', 'Lampu mati', 'Satu lagi']);
  });

  test('zeros that gammu-smsd writes behind a text are none of it', async () => {
    await arrive(nameOf('081500'), Buffer.concat([unicode('“Rusak”'), Buffer.alloc(8)]));
    expect(await textsIn(await poll())).toEqual(['“Rusak”']);
  });

  test.each([
    ['utf-8', Buffer.from('Jalan é')],
    ['iso-8859-1', Buffer.from('Jalan é', 'latin1')],
  ])('InboxFormat standard is read as %s', async (charset, bytes) => {
    await arrive(nameOf('081500'), bytes);
    const [item] = (await poll()).items;
    expect(await itemOf(item!.raw, settings({ charset }))).toMatchObject({
      text: 'Jalan é',
      at: '2026-11-24T01:15:00.000Z',
    });
  });

  test('what may still grow, and what waits for an earlier part, is left for later', async () => {
    await arrive(nameOf('081500'), unicode('baru'), 1_000);
    await arrive(nameOf('081600'), unicode('depan '));
    await arrive(nameOf('081601', 1), unicode('belakang'), 1_000);
    await arrive(nameOf('090000', 1, { sender: '+628999111222' }), unicode('ekor'));
    expect(await textsIn(await poll())).toEqual([]);
    expect(await here()).toHaveLength(4);
    expect(await textsIn(await poll(null, { settle: '100ms', partsWait: '10s' }))).toEqual([
      ...['baru', 'depan belakang', '[bagian sebelumnya tidak sampai] ekor'],
    ]);
  });

  test('a file leaves the inbox only after the page that gave it was stored, and is never lost or taken twice', async () => {
    await arrive(nameOf('081500'), unicode('satu'));
    const first = await poll();
    expect(await here()).toHaveLength(1);
    // The hub ended before it stored the page: the same event comes again, with the same key.
    expect((await poll()).items).toEqual(first.items);
    await arrive(nameOf('081700'), unicode('dua'));
    const second = await poll(JSON.parse(JSON.stringify(first.next)));
    expect(await textsIn(second)).toEqual(['dua']);
    expect(await here()).toEqual([nameOf('081700')]);
    expect(await readdir(join(folders.inbox, 'done'))).toEqual([nameOf('081500')]);
    // Stored by then, put away and asked for once more: nothing is there any more, and nothing fails.
    expect(await textsIn(await poll(first.next))).toEqual(['dua']);
  });

  test('a name that the modem uses again for another message is read, and both files are kept', async () => {
    const name = nameOf('081500');
    await arrive(name, unicode('satu'));
    const first = await poll();
    await rm(join(folders.inbox, name));
    await arrive(name, unicode('dua'));
    const second = await poll(first.next);
    expect(await textsIn(second)).toEqual(['dua']);
    expect(second.items[0]!.key).not.toBe(first.items[0]!.key);
    await mkdir(join(folders.inbox, 'done'), { recursive: true });
    await writeFile(join(folders.inbox, 'done', name), 'satu');
    await poll(second.next);
    expect((await readdir(join(folders.inbox, 'done'))).sort()).toEqual([name, `${name}.2`]);
    expect(await readFile(join(folders.inbox, 'done', name), 'utf8')).toBe('satu');
  });

  test('more than a page comes page by page, all of it once', async () => {
    for (let n = 0; n < 230; n++) await arrive(nameOf(String(100_000 + n)), unicode(`sms ${n}`));
    const texts: unknown[] = [];
    let cursor: unknown = null;
    for (let pages = 0; pages < 10; pages++) {
      const page = await poll(cursor);
      texts.push(...(await textsIn(page)));
      cursor = sms.poll!.cursor.parse(JSON.parse(JSON.stringify(page.next)));
      if (!page.more) break;
    }
    expect(texts).toEqual(Array.from({ length: 230 }, (_, n) => `sms ${n}`));
  });

  test('8-bit messages are ignored, and files of another format stay and are warned of', async () => {
    await arrive(nameOf('081500', 0, { kind: 'bin' }), Buffer.from([1, 2, 3]));
    await arrive('IN20261124_081600_00_+62811_00.smsbackup', '[SMSBackup000]');
    const page = await poll();
    expect(await read(page)).toEqual([null]);
    expect(await here()).toHaveLength(2);
    const { warnings } = await sms.probe!(contextOf(settings()));
    expect(warnings).toEqual([expect.stringContaining('InboxFormat')]);
  });
});

describe('sending', () => {
  const send = (text = 'Sudah kami tambal.', about: object = {}, context: object = {}) =>
    sms.publish!.send(
      replyTo(CITIZEN, text, { firstAttemptAt: new Date('2026-11-24T01:15:00Z'), ...about }),
      contextOf(settings(), context),
    );
  const look = (about: object = {}, more: object = {}) =>
    sms.reconcile!(
      replyTo(CITIZEN, 'x', { firstAttemptAt: new Date('2026-11-24T01:15:00Z'), ...about }),
      contextOf(settings(more), NOW),
    );
  const NOW = { now: () => new Date('2026-11-24T02:00:00Z') };
  const NAME = `OUTC20261124_011500_00_${CITIZEN}_ka-0199f000-aaaa-7bbb-8ccc-0123456789ab.txt`;

  test('a file appears whole, under a name that gammu-smsd reads, in UTF-16 with its mark', async () => {
    expect(await send('Jalan “A” é')).toEqual({ publishedId: NAME });
    expect(await readdir(folders.outbox)).toEqual([NAME]);
    expect(NAME.length).toBeLessThan(100);
    expect(await readFile(join(folders.outbox, NAME))).toEqual(Buffer.from('\uFEFFJalan "A" é', 'utf16le'));
  });

  test.each(['outbox', 'sent', 'error'] as const)(
    'what lies in %s was handed over: found, and never written again',
    async (folder) => {
      await send();
      if (folder !== 'outbox') await rename(join(folders.outbox, NAME), join(folders[folder], NAME));
      expect(await look()).toEqual({ found: { publishedId: NAME } });
      expect(await send()).toEqual({ publishedId: NAME });
      expect(await readdir(folders.outbox)).toEqual(folder === 'outbox' ? [NAME] : []);
    },
  );

  test('what lies nowhere was never handed over, for as long as nobody clears the folders', async () => {
    expect(await look()).toBe('absent');
    expect(await look({ key: 'lain' })).toBe('absent');
    expect(await look({}, { keep: '10m' })).toBe('unknown');
  });

  test('another reply of the same second is another file', async () => {
    await send();
    await send('lain', { key: '0199f000-aaaa-7bbb-8ccc-0123456789ac' });
    await send('bagian', { key: '0199f000-aaaa-7bbb-8ccc-0123456789ab/2' });
    expect(await readdir(folders.outbox)).toHaveLength(3);
  });

  test('nothing is written after the deadline, or once it was cut off', async () => {
    const late = { deadline: new Date(Date.now() - 1) };
    for (const context of [late, { signal: AbortSignal.abort() }])
      await expect(send('Baik', {}, context)).rejects.toMatchObject({ kind: 'retry', nothingSent: true });
    expect(await readdir(folders.outbox)).toEqual([]);
  });

  test('an outbox that is not there, or is a file: nothing was sent, and the folder is named without a number', async () => {
    await rm(folders.outbox, { recursive: true });
    const error = await send().catch((one: unknown) => one as Error);
    expect(error).toMatchObject({ kind: 'retry', nothingSent: true });
    expect((error as Error).message).toContain(folders.outbox);
    expect((error as Error).message).not.toContain(CITIZEN);
    await writeFile(folders.outbox, '');
    await expect(send()).rejects.toMatchObject({ kind: 'retry', nothingSent: true });
  });

  test('the folders tell what became of it, once and in words', async () => {
    await send();
    const other = NAME.replace('89ab.txt', '89ac.txt');
    await writeFile(join(folders.error, other), 'x');
    await writeFile(join(folders.sent, 'OUTC20261124_011500_00_+628123_sms0.txt'), 'of somebody else');
    const before = await poll();
    expect(await read(before)).toEqual([
      expect.objectContaining({
        type: 'receipt',
        state: 'failed',
        objectId: other,
        reason: expect.stringContaining('pulsa'),
      }),
    ]);
    await rename(join(folders.outbox, NAME), join(folders.sent, NAME));
    const after = await poll(before.next);
    const sent = { type: 'receipt', state: 'sent', objectId: NAME, publicationKey: replyTo(CITIZEN, '').key };
    expect(await read(after)).toContainEqual(expect.objectContaining(sent));
    // What was told comes again for a while, with the key that it had.
    expect((await poll(after.next)).items.map((one) => one.key)).toEqual(after.items.map((one) => one.key));
  });
});

describe('health', () => {
  test('folders that are not there are named; a modem that takes nothing is warned of', async () => {
    const old = { now: () => new Date(Date.now() + 20 * MINUTE) };
    await sms.publish!.send(replyTo(CITIZEN, 'Baik'), contextOf(settings()));
    expect((await sms.probe!(contextOf(settings()))).warnings).toBeUndefined();
    const { detail, warnings } = await sms.care!.run(contextOf(settings(), old));
    expect(detail).toContain('1 SMS');
    expect(warnings).toEqual([expect.stringContaining('gammu-smsd')]);
    await rm(folders.sent, { recursive: true });
    await expect(sms.probe!(contextOf(settings()))).rejects.toThrow(`${folders.sent} tidak ada`);
  });

  test('polling without a folder is an error, not an empty page', async () => {
    await rm(folders.inbox, { recursive: true });
    await expect(poll()).rejects.toMatchObject({ kind: 'retry' });
  });
});
