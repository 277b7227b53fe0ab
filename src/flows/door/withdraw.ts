import { mayWithdraw } from '../../core/door/status.ts';
import { Refusal } from '../../core/refusal.ts';
import { storable } from '../../core/text.ts';
import { MOVES, nextState } from '../../core/workflow.ts';
import { addToOutbox, changeComplaint } from '../../store/complaints.ts';
import { inTransaction } from '../../store/database.ts';
import { doorComplaint } from '../../store/door.ts';
import { supersedeDrafts } from '../../store/drafts.ts';
import { appendEvents } from '../../store/events.ts';
import type { DeskDeps } from '../deps.ts';
import type { OpenDoor } from './door.ts';

const NO_REASON = 'Dicabut oleh pelapor di halaman status';

/** *Cabut aduan*: the reporter takes their complaint back. It stays in the register, with the reason. */
export function withdraw(deps: DeskDeps, open: OpenDoor, complaintId: string, words: string): Promise<void> {
  return inTransaction(deps.db, async (tx) => {
    const complaint = await doorComplaint(tx, complaintId, { lock: true });
    if (!complaint || !mayWithdraw(complaint))
      throw new Refusal('illegal_state', 'this complaint cannot be withdrawn by its reporter now');
    const said = storable(words.trim());
    const reason = said ? `${NO_REASON}: ${said}` : NO_REASON;
    const at = deps.clock.now();
    const { state: from } = complaint;
    const to = nextState('withdraw', from, reason);
    await changeComplaint(tx, complaintId, { state: to, closed_at: at });
    await supersedeDrafts(tx, complaintId);
    const actor = `channel:${open.channel.id}`;
    await appendEvents(tx, [{ complaintId, actor, type: MOVES.withdraw.event, data: { from, to }, reason }], at);
    await addToOutbox(tx, complaintId, 'status', at);
  });
}
