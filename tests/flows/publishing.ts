import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { App, FaultInput } from '../../simulators/app/index.ts';
import { bringReports, publicationOf, queueAnswers } from '../helpers/answers.ts';
import { application, type Mode, names, settingsFor } from '../helpers/application.ts';
import { eventually } from '../helpers/eventually.ts';
import { type BackendName, type TestHub, testHub } from '../helpers/hub.ts';

const MODES: Mode[] = ['native', 'lookup', 'none'];

export function describePublishing(backend: BackendName): void {
  describe.each(MODES)('to a receiver of kind %s', (mode) => {
    let app: App;
    let hub: TestHub;
    beforeAll(async () => {
      app = await application(mode);
      hub = await testHub({ backend, channel: { settings: settingsFor(app, mode) } });
      await hub.work();
    });
    afterAll(async () => {
      await hub.close();
      await app.close();
    });
    afterEach(() => app.faults.set([]));

    const ended = async (ids: string[]) =>
      eventually(async () => {
        const rows = await Promise.all(ids.map((id) => publicationOf(hub, id)));
        for (const row of rows)
          expect(row.state === 'published' || row.state === 'refused' || row.needs_person, row.state).toBe(true);
        return rows;
      }, 40_000);
    const landedTwice = () => app.replies().doubled;

    it('publishes each answer once, and the complaint is answered', async () => {
      const complaints = await bringReports(hub, names(20));
      const rows = await ended(await queueAnswers(hub, complaints));
      expect(rows.every((row) => row.state === 'published' && row.published_id && row.permalink)).toBe(true);
      expect(app.replies().keys).toBe(20);
      expect(landedTwice()).toEqual([]);
      const states = await hub.deps.db.selectFrom('complaint').select('state').where('id', 'in', complaints).execute();
      expect(states.every(({ state }) => state === 'answered')).toBe(true);
      const attempts = await hub.deps.db
        .selectFrom('publication_attempt')
        .selectAll()
        .where(
          'publication_id',
          'in',
          rows.map((row) => row.id),
        )
        .execute();
      expect(attempts.map((row) => row.outcome)).toEqual(Array(20).fill('published'));
    });

    it.each<[string, FaultInput]>([
      ['accepts and hangs up', { do: 'hangup', times: 5 }],
      ['hangs up without accepting', { do: 'hangup', landed: false, times: 5 }],
      ['answers 500 after accepting', { do: 'error', times: 5 }],
      ['answers 200 without an id', { do: 'noId', times: 5 }],
      ['stays silent after accepting', { do: 'silent', times: 5 }],
    ])('never publishes twice when it %s', async (_what, fault) => {
      const complaints = await bringReports(hub, names(10));
      app.faults.set([fault]);
      const before = app.replies().keys;
      const rows = await ended(await queueAnswers(hub, complaints));
      expect(landedTwice()).toEqual([]);
      const published = rows.filter((row) => row.state === 'published');
      if (mode === 'none') {
        // Nobody can look, so five wait for a person, and say why and what to do.
        expect(published).toHaveLength(5);
        const doubtful = rows.filter((row) => row.needs_person);
        expect(doubtful).toHaveLength(5);
        for (const row of doubtful) expect(row).toMatchObject({ state: 'uncertain', reason: 'unanswered' });
        expect(doubtful[0]?.explanation).toContain('konfirmasi');
      } else {
        expect(published).toHaveLength(10);
        expect(app.replies().keys - before).toBe(10);
      }
    });

    it('waits as long as a throttling receiver asks, and then publishes', async () => {
      const complaints = await bringReports(hub, names(6));
      app.faults.set([{ do: 'throttle', times: 3, retryAfter: 1 }]);
      const rows = await ended(await queueAnswers(hub, complaints));
      expect(rows.every((row) => row.state === 'published')).toBe(true);
      expect(landedTwice()).toEqual([]);
    });

    it('says why the receiver refused, and does not try again', async () => {
      const complaints = await bringReports(hub, names(1));
      app.faults.set([{ do: 'refuse', times: 1 }]);
      const [row] = await ended(await queueAnswers(hub, complaints));
      expect(row).toMatchObject({ state: 'refused', reason: 'content', attempt: 1 });
      expect(row?.explanation).toContain('422');
    });

    it('sends the answers of one complaint in their order', async () => {
      const [complaint] = await bringReports(hub, names(1));
      app.faults.set([{ do: 'delay', ms: 300, times: 1 }]);
      const ids: string[] = [];
      for (const text of ['pertama', 'kedua', 'ketiga']) ids.push(...(await queueAnswers(hub, [complaint!], text)));
      await ended(ids);
      const landed = app
        .replies()
        .landed.filter((one) => ids.includes(one.key))
        .map((one) => one.text);
      expect(landed).toEqual(['pertama', 'kedua', 'ketiga']);
    });
  });
}
