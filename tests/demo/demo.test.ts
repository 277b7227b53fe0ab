import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { answerNetworks, stillOnce, tellReview } from './networks.ts';
import { type Demo, kanal, Place, paste } from './process.ts';

interface Page {
  items: { id: string; stateLabel: string }[];
}
interface Published {
  items: { kind: string; state: string; text: string; permalink: string }[];
}

const answerIn = async (line: string) =>
  eventually(async () => {
    const { items } = await paste<Published>(line);
    const found = items.find((one) => one.kind === 'answer');
    expect(found?.state).toBe('published');
    return found!;
  });
const citizensPage = async (url: string): Promise<string> => (await fetch(url)).text();

describe('a demo that runs', () => {
  let place: Place;
  let demo: Demo & { file: Awaited<ReturnType<Place['file']>> };
  beforeAll(async () => {
    place = await Place.make();
    demo = await place.started();
  });
  afterAll(() => place.clear());

  it('prints lines that work as printed', async () => {
    const lines = demo
      .printed()
      .split('\n')
      .filter((line) => line.startsWith('curl '));
    expect(lines).toEqual(demo.file.curl);
    const inbox = await paste<Page>(lines[0]!);
    expect(inbox.items).toHaveLength(5);
    expect(inbox.items[0]!.stateLabel).toBeTruthy();
    expect(await paste(lines[1]!)).toMatchObject({ state: 'approved', number: 1 });
    const answer = await answerIn(lines[2]!);
    expect(answer.permalink.startsWith(`${demo.file.appUrl}/#t-`)).toBe(true);
    // Once, and where the citizen sees it.
    const page = await citizensPage(demo.file.appUrl);
    expect(page.split(answer.text)).toHaveLength(2);
    expect(page).toContain(`<section id="${new URL(answer.permalink).hash.slice(1)}">`);
  });

  it('answers a mail in its thread, and takes in what the citizen writes back', async () => {
    const [, , , answer, thread] = demo.file.curl;
    const draft = await paste<{ state: string }>(answer!);
    expect(draft.state).toBe('approved');
    const shown = async () => citizensPage(/'(http[^']+)'/.exec(thread!)![1]!);
    // Citizen, receipt, answer, and the citizen again: one conversation, each mail an answer to one before it.
    const mails = await eventually(async () => {
      const parts = (await shown()).split(/^Dari: {4}/m).slice(1);
      expect(parts).toHaveLength(4);
      return parts;
    }, 40_000);
    expect(mails[2]).toContain('Petugas kami menindaklanjuti besok pagi');
    const ids = mails.map((mail) => /^Surat: +(\S+)/m.exec(mail)![1]);
    expect(/^Balasan: +(\S+)/m.exec(mails[2]!)?.[1]).toBe(ids[0]);
    expect(/^Balasan: +(\S+)/m.exec(mails[3]!)?.[1]).toBe(ids[2]);
    const id = /complaints\/([\w-]+)\/drafts/.exec(answer!)![1]!;
    const headers = { authorization: `Bearer ${demo.file.apiKey}` };
    await eventually(async () => {
      const found = await fetch(`${demo.file.url}/api/v1/complaints/${id}`, { headers });
      const { messages } = (await found.json()) as { messages: { text: string }[] };
      expect(messages).toHaveLength(4);
      // Without what was quoted.
      for (const { text } of messages) expect(text).not.toContain('> ');
    }, 40_000);
  });

  it('fits a narrow terminal, shows no secret but the key, and writes its file for its owner only', async () => {
    const wide = demo
      .printed()
      .split('\n')
      .filter((line) => line.length > 80 && !line.startsWith('curl ') && !line.includes(place.data));
    expect(wide).toEqual([]);
    expect(demo.printed()).not.toMatch(/whsec_|LEMBAR PEMULIHAN/);
    expect(demo.printed()).not.toContain(demo.file.approverKey);
    expect(((await stat(join(place.data, 'demo.json'))).mode & 0o777).toString(8)).toBe('600');
    expect((await readdir(join(place.data, 'demo'))).filter((name) => name.endsWith('.options.json'))).toEqual([]);
    expect((await fetch(demo.file.docsUrl)).status).toBe(200);
  });

  it('shows what waits for an officer’s hand, and takes in what is told at the counter', async () => {
    const [waiting, confirm, counter] = demo.file.curl.slice(-3);
    const before = await paste<{ items: { channel: string; text: string }[] }>(waiting!);
    expect(before.items).toMatchObject([{ channel: 'laporgub', text: expect.stringContaining('Lampu di simpang') }]);
    expect(await paste(confirm!)).toMatchObject({
      state: 'published',
      permalink: expect.stringContaining('LGWP10004711'),
    });
    expect((await paste<Page>(waiting!)).items).toEqual([]);
    const entered = await paste<{ ticketNo: string; receipt: { text: string } }>(counter!);
    expect(entered.receipt.text).toContain(entered.ticketNo);
    for (const path of ['lapor', 'lacak', 'privasi']) {
      const page = await fetch(`${demo.file.url}/${path}`);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    }
  });

  it('lets a second person approve where the agency asks for one', async () => {
    const call = async <T>(key: string, path: string, body?: object) => {
      const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
      const given = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
      const response = await fetch(`${demo.file.url}/api/v1${path}`, given);
      return { status: response.status, body: (await response.json()) as T };
    };
    const { apiKey, approverKey } = demo.file;
    const text = 'Perbaikan jalan dijadwalkan pekan depan.';
    const inbox = await call<Page>(apiKey, '/complaints?agency=dinas-pupr&state=received&channel=laporan');
    const drafts = `/complaints/${inbox.body.items[0]!.id}/drafts`;
    const draft = await call<{ id: string; state: string }>(apiKey, drafts, { text, submit: true });
    expect(draft.body.state).toBe('awaiting_approval');
    const approve = `/drafts/${draft.body.id}/approve`;
    expect(await call(apiKey, approve, {})).toMatchObject({ status: 403 });
    expect(await call(approverKey, approve, {})).toMatchObject({ status: 200 });
    await eventually(async () => expect(await citizensPage(demo.file.appUrl)).toContain(text));
  });

  it('brings in comments, chats, a story reply and a photo, and shows their answers where they belong, once', async () => {
    const { apiKey, url, socialUrl } = demo.file;
    const call = async <T>(path: string, body?: object): Promise<T> => {
      const headers = { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) };
      const given = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
      const response = await fetch(`${url}/api/v1${path}`, given);
      const text = await response.text();
      expect(response.ok, `${path}: ${text}`).toBe(true);
      return JSON.parse(text) as T;
    };
    type Row = { id: string; state: string; agency: string; excerpt: string };
    const words = ['Min, lampu jalan', 'KTP saya rusak', 'Jalan depan SD Kutosari'];
    for (const [number, channel] of ['facebook', 'facebook', 'whatsapp'].entries()) {
      const row = await eventually(async () => {
        const { items } = await call<{ items: Row[] }>(`/complaints?channel=${channel}&limit=50`);
        const found = items.find((one) => one.excerpt.includes(words[number]!));
        expect(found).toBeDefined();
        return found!;
      });
      const own = { agency: 'diskominfo', unit: null, assignee: null };
      if (row.state === 'new') await call(`/complaints/${row.id}/accept`, { agency: 'diskominfo' });
      else
        await call(`/complaints/${row.id}/assign`, {
          from: { agency: row.agency, unit: number === 2 ? 'bina-marga' : null, assignee: null },
          to: own,
        });
      const text = `Jawaban media sosial nomor ${number}.`;
      await call(`/complaints/${row.id}/drafts`, { text, submit: true });
      await eventually(async () => expect((await citizensPage(socialUrl)).split(text)).toHaveLength(2));
    }
    const stories = await call<{ items: Row[] }>('/complaints?channel=instagram&surface=message&limit=50');
    expect(stories.items.some((one) => one.excerpt.includes('Selokan depan sekolah mampet'))).toBe(true);
  });

  it('brings in reports from two portals, and shows answer and status there, once', async () => {
    const { apiKey, url, portalUrl, sp4nUrl } = demo.file;
    const call = async <T>(path: string, body?: object): Promise<T> => {
      const headers = { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) };
      const given = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
      const response = await fetch(`${url}/api/v1${path}`, given);
      const text = await response.text();
      expect(response.ok, `${path}: ${text}`).toBe(true);
      return JSON.parse(text) as T;
    };
    for (const [channel, page, label] of [
      ['lapor-bupati-kebumen', portalUrl, 'Lapor Bupati'],
      ['sp4n-lapor', sp4nUrl, 'SP4N'],
    ] as const) {
      const row = await eventually(async () => {
        const { items } = await call<{ items: { id: string; title: string }[] }>(
          `/complaints?channel=${channel}&limit=50`,
        );
        const found = items.find((one) => one.title === 'Lampu jalan mati');
        expect(found, label).toBeDefined();
        return found!;
      });
      const text = `Tim kami memperbaikinya besok, kata ${label}.`;
      await call(`/complaints/${row.id}/drafts`, { text, submit: true });
      await eventually(async () => expect((await citizensPage(page)).split(text)).toHaveLength(2));
      await call(`/complaints/${row.id}/steps`, { step: 'close' });
      await eventually(async () => expect(await citizensPage(page)).toContain('selesai'));
    }
  });

  it('refuses a second one on the same data and is not disturbed by it', async () => {
    const { child, printed } = place.start();
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(printed()).toContain('demo lain masih berjalan');
    expect((await fetch(`${demo.file.url}/readyz`)).status).toBe(200);
    expect(await place.file()).toEqual(demo.file);
  });

  it('has a configuration that passes the check', async () => {
    const found = await kanal({ KANAL_CONFIG: join(place.data, 'demo/config') }, 'check');
    expect(found).toContain('16 kanal baik, 0 kanal salah setelan');
  });

  it('ends on Ctrl-C, which npm doubles, and leaves nothing behind', async () => {
    const { appPid, mailPid, socialPid, portalPid, networksPid } = demo.file;
    expect(await place.processes()).toEqual(
      expect.arrayContaining([appPid, mailPid, socialPid, portalPid, networksPid]),
    );
    demo.child.kill('SIGINT');
    demo.child.kill('SIGINT');
    expect(await once(demo.child, 'exit')).toEqual([0, null]);
    expect(await place.processes()).toEqual([]);
  });
});

describe('a demo that is ended otherwise', () => {
  let place: Place;
  beforeEach(async () => {
    place = await Place.make();
  });
  afterEach(() => place.clear());

  it('goes on with its data after everything was killed', async () => {
    const { child, file } = await place.started();
    await paste(file.curl[1]!);
    const { text } = await answerIn(file.curl[2]!);
    const [answers, review] = await Promise.all([answerNetworks(file), tellReview(file)]);
    child.kill('SIGKILL');
    // The others end by themselves when the demo is gone.
    for (const pid of [file.appPid, file.networksPid])
      await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
    await place.killAll();
    const second = (await place.started()).file;
    expect(second.apiKey).toBe(file.apiKey);
    expect(second.appUrl).toBe(file.appUrl);
    expect(second.complaintId).not.toBe(file.complaintId);
    // What was answered is there, in the hub and before the citizen's eyes, still once.
    expect((await answerIn(file.curl[2]!.replace(file.url, second.url))).text).toBe(text);
    expect((await citizensPage(second.appUrl)).split(text)).toHaveLength(2);
    expect(second.networks).toEqual(file.networks);
    await stillOnce(second, answers, review);
  }, 90_000);

  it('ends when npm is killed', async () => {
    const { child, printed } = place.startUnderNpm();
    await eventually(() => expect(printed()).toContain('(answer it)'), 50_000);
    child.kill('SIGKILL');
    await eventually(async () => expect(await place.processes()).toEqual([]));
    expect(printed()).toContain('nothing is left running');
  });

  it('says what to do when the port is in use, before it starts anything', async () => {
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as { port: number };
    const { child, printed } = place.start(port);
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(printed()).toContain(`port ${port} di 127.0.0.1 sudah dipakai`);
    expect(printed()).toContain(`PORT=${port + 1} npm run demo`);
    expect(await readdir(place.data)).toEqual([]);
    taken.close();
  });
});
