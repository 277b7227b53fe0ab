import { rulesOf } from '#contract';
import { placeOn } from '../config/channel.ts';
import { windowEnd } from '../core/answer.ts';
import { appendEvents } from '../store/events.ts';
import { markAlarm, type WaitingTarget, waitingTargets } from '../store/windows.ts';
import type { FlowDeps } from './deps.ts';

/** As long before the end of a reply window an answer that still waits for approval is cried out. */
export const ALARM_BEFORE_MS = 6 * 3_600_000;

type Deps = Pick<FlowDeps, 'db' | 'config' | 'adapters' | 'clock' | 'log'>;

/**
 * Answers that wait for approval while the time to answer runs out: one event each, in the complaint's trail and so on
 * the stream, before the window closes.
 */
export async function raiseWindowAlarms(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  for (const target of await waitingTargets(deps.db)) {
    const until = endOf(deps, target);
    if (until && until.getTime() - now.getTime() <= ALARM_BEFORE_MS) await raise(deps, target, until, now);
  }
}

function endOf({ config, adapters }: Deps, target: WaitingTarget): Date | null {
  const { surface, privately } = target;
  const channel = config.channels.find(({ id }) => id === target.channel_id);
  const rules = rulesOf(adapters[target.adapter], placeOn(channel, { surface, privately }));
  // What can still be sent afterwards, such as a template, has no end to cry out.
  return rules?.afterWindow ? null : windowEnd(rules, surface, privately ? target.at : target.last_at);
}

async function raise(deps: Deps, target: WaitingTarget, until: Date, now: Date): Promise<void> {
  const { draft_id: draftId, message_id: messageId, complaint_id: complaintId } = target;
  await deps.db.transaction().execute(async (tx) => {
    if (!(await markAlarm(tx, draftId, now))) return;
    const data = { draftId, messageId, until: until.toISOString() };
    await appendEvents(tx, [{ complaintId, actor: 'hub', type: 'draft.window_closing', data }], now);
    deps.log.warn({ complaint: complaintId, draft: draftId, until }, 'draft: the time to answer ends while it waits');
  });
}
