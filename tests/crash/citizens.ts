import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MODES, type World } from './world.ts';

export interface Filed {
  objectId: string;
  channel: string;
}

/** Delivers reports until each is acknowledged, some of them more than once. Every one here was answered with 200. */
export async function fileReports(world: World, count: number, random: () => number): Promise<Filed[]> {
  const reports = Array.from({ length: count }, (_, n): Filed => {
    return { objectId: `r-${n}`, channel: MODES[n % MODES.length]! };
  });
  const waiting = reports.values();
  await Promise.all(
    Array.from({ length: 24 }, async () => {
      for (const report of waiting) {
        const times = random() < 0.15 ? 2 : 1;
        for (let n = 0; n < times; n++) await deliver(world, report);
      }
    }),
  );
  return reports;
}

async function deliver(world: World, report: Filed): Promise<void> {
  const body = JSON.stringify({
    account: report.channel,
    type: 'message',
    objectId: report.objectId,
    at: '2026-11-24T01:00:00.000Z',
    threadId: report.objectId,
    surface: 'report',
    author: { id: `warga-${report.objectId}`, name: 'Siti Aminah' },
    text: `Lampu jalan mati (${report.objectId})`,
  });
  for (;;) {
    try {
      const answer = await fetch(`${world.apiUrl}/hooks/lapor`, { method: 'POST', body, headers: signed(world, body) });
      await answer.arrayBuffer();
      if (answer.status === 200) return;
    } catch {
      // The API may be cut off from its database just now: not acknowledged, so delivered again.
    }
    await sleep(200);
  }
}

function signed(world: World, body: string): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(world.signingSecret.replace('whsec_', ''), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}
