import type { Actor } from '../../core/access.ts';
import { storable } from '../../core/text.ts';
import { newId } from '../../store/database.ts';
import { insertNote } from '../../store/messages.ts';
import type { DeskDeps } from '../deps.ts';
import { atDesk, record } from './desk.ts';

/** An internal note: in a table of its own, so that nothing can ever publish it. Returns its id. */
export function addNote(deps: DeskDeps, actor: Actor, complaintId: string, text: string): Promise<string> {
  return atDesk(deps, actor, 'note', complaintId, async (desk) => {
    const id = newId();
    await insertNote(desk.tx, { id, complaintId, userId: actor.userId, text: storable(text) });
    await record(desk, complaintId, 'note.added', { noteId: id });
    return id;
  });
}
