import { setTimeout as sleep } from 'node:timers/promises';
import type { Filed } from './citizens.ts';
import type { Processes } from './processes.ts';

/** Answers each of these reports once, through the API, as soon as it is in the register. */
export async function answerReports(
  world: Processes,
  reports: readonly Filed[],
  textFor: (report: Filed) => string = usual,
): Promise<void> {
  const waiting = reports.values();
  await Promise.all(
    world.apiKeys.map(async (key) => {
      for (const report of waiting) await answerReport(world, report, key, textFor(report));
    }),
  );
}

const usual = ({ objectId }: Filed): string => `Sudah kami perbaiki (${objectId}).`;

async function answerReport(world: Processes, report: Filed, key: string, text: string): Promise<void> {
  for (;;) {
    try {
      const id = await complaintOf(world, report);
      if (id) {
        // A request that was cut may have been carried out: a person would look before writing again.
        if (await hasPublication(world, id)) return;
        const answer = await fetch(`${world.apiUrl}/api/v1/complaints/${id}/drafts`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ text, submit: true }),
        });
        if (answer.ok) return;
        if (answer.status === 429) await sleep(1_000);
        // Not accepted yet: the rules come to it in a moment.
        else if (answer.status < 500 && answer.status !== 409)
          throw new Fatal(`draft refused: ${answer.status} ${await answer.text()}`);
      }
    } catch (error) {
      if (error instanceof Fatal) throw error;
    }
    await sleep(200);
  }
}

class Fatal extends Error {}

async function complaintOf(world: Processes, report: Filed): Promise<string | undefined> {
  const { rows } = await world.pool.query<{ complaint_id: string }>(
    'select complaint_id from message where channel_id = $1 and object_id = $2',
    [report.channel, report.objectId],
  );
  return rows[0]?.complaint_id;
}

async function hasPublication(world: Processes, id: string): Promise<boolean> {
  const { rows } = await world.pool.query('select 1 from publication where complaint_id = $1', [id]);
  return rows.length > 0;
}
