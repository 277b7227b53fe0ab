import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessCodeOf, CODE_BLANK } from '../../../src/flows/door/code.ts';
import { drainIntake } from '../../../src/flows/intake.ts';
import { drainNormalise } from '../../../src/flows/normalise.ts';
import { readOutgoing, replyOf } from '../../../src/flows/publish/reply.ts';
import { drainTriage } from '../../../src/flows/triage.ts';
import { doorChannel } from '../../door/helper.ts';
import { delivery, message, type TestHub, testHub, webhookChannel } from '../../helpers/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  const receipt = { enabled: true, text: 'Nomor {ticketNo}, kode {code}, lihat {statusUrl}' };
  const channels = [webhookChannel(), doorChannel({ address: 'https://aduan.contohkab.go.id/' })];
  hub = await testHub({ policies: { receipt }, channels });
});
afterAll(() => hub.close());

async function receiptTo(surface: string): Promise<{ text: string; kept: string; code: string; ticketNo: string }[]> {
  const objectId = `lewat-${surface}`;
  await hub.hooks.receive('lapor', delivery({ items: [message(objectId, { surface })] }));
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
  await drainTriage(hub.deps);
  const { db, keyring } = hub.deps;
  const { complaint_id } = await db
    .selectFrom('message')
    .select('complaint_id')
    .where('object_id', '=', objectId)
    .executeTakeFirstOrThrow();
  const { ticket_no } = await db
    .selectFrom('complaint')
    .select('ticket_no')
    .where('id', '=', complaint_id)
    .executeTakeFirstOrThrow();
  const rows = await db.selectFrom('publication').selectAll().where('complaint_id', '=', complaint_id).execute();
  const about = { code: accessCodeOf(keyring, complaint_id), ticketNo: ticket_no ?? '' };
  return (await readOutgoing(hub.deps, rows)).map((outgoing) => ({
    ...{ text: replyOf(outgoing).text, kept: outgoing.publication.text },
    ...about,
  }));
}

describe('a receipt', () => {
  it('tells the writer of a private message the code and where to look', async () => {
    const [{ text, kept, code, ticketNo } = { text: '', kept: '', code: '?', ticketNo: '?' }] =
      await receiptTo('message');
    expect(text).toBe(`Nomor ${ticketNo}, kode ${code}, lihat https://aduan.contohkab.go.id/lacak/${ticketNo}`);
    // What is kept, and shown to officers, is as long, and opens nothing.
    expect(kept).toBe(text.replace(code, CODE_BLANK));
    expect(kept).not.toContain(code);
    expect(kept).toHaveLength(text.length);
  });

  it('keeps the code to itself at a portal, which may show it to everybody', async () => {
    const [{ text, code } = { text: '', code: '' }] = await receiptTo('report');
    expect(text).toContain('kode -,');
    expect(text).not.toContain(code);
  });

  it('does not go out in public at all', async () => {
    expect(await receiptTo('comment')).toEqual([]);
  });
});
