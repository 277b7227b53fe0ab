import type { Json } from '#contract';
import { mayWithdraw, takesMessages } from '../../core/door/status.ts';
import { mask } from '../../core/leaks/index.ts';
import { type DoorFile, doorFiles, ownMessages, type StandingAnswer, standingAnswers } from '../../store/door.ts';
import { newestReasons } from '../../store/events.ts';
import { ownContactsOf } from '../contacts.ts';
import type { DeskDeps } from '../deps.ts';
import type { OpenDoor } from './door.ts';
import type { Looked } from './look.ts';

/** One text of the conversation between the reporter and the agency. */
export interface Said {
  at: Date;
  by: 'reporter' | 'agency';
  title: string | null;
  text: string;
  /** The channel that an answer went out on, where that is not this page. */
  via: string | null;
  files: { id: string; name: string; size: number }[];
}

/** What only the reporter sees. */
export interface Inside {
  said: Said[];
  /** Why it was sent back, rejected or passed on, in the officer's words. */
  reason: string | null;
  mayWrite: boolean;
  /** The channel where the reporter can write more, where that is not this page. */
  writesAt: string | null;
  mayWithdraw: boolean;
}

/**
 * A complaint as its reporter sees it: their own words and the answers to them, never those of others who wrote in the
 * same complaint. On the sensitive hold there are no answers and no reasons. What they typed by mistake is masked.
 */
export async function lookInside(deps: DeskDeps, open: OpenDoor, looked: Looked): Promise<Inside> {
  const { complaint, facts, status } = looked;
  const { entries, files } = await conversation(deps, open, looked);
  const own = ownContactsOf(deps.config.hub);
  const isDoor = complaint.channel_id === open.channel.id;
  const tellsWhy =
    ['incomplete', 'rejected', 'out_of_scope'].includes(status.state) && !facts.sensitive && !facts.parent;
  const reason = tellsWhy ? (await newestReasons(deps.db, [complaint.id])).get(complaint.id) : undefined;
  return {
    said: entries.map((one) => ({ ...one, files: one.files(files) })),
    reason: reason ? mask(reason, own) : null,
    mayWrite: isDoor && takesMessages(facts),
    writesAt: isDoor ? null : (labelOf(deps, complaint.channel_id) ?? null),
    mayWithdraw: mayWithdraw(facts),
  };
}

/** The files that its reporter may take from here. */
export async function filesInside(deps: DeskDeps, open: OpenDoor, looked: Looked): Promise<DoorFile[]> {
  return (await conversation(deps, open, looked)).files;
}

async function conversation(deps: DeskDeps, open: OpenDoor, { complaint, status, facts }: Looked) {
  const messages = await ownMessages(deps.db, complaint, open.channel.id);
  const ids = messages.map(({ id }) => id);
  const held = facts.sensitive || facts.parent?.sensitive;
  const answers = held ? [] : distinct(await standingAnswers(deps.db, ids));
  const answered = answers.flatMap(({ attachmentIds }) => attachmentIds);
  const files = await doorFiles(deps.db, { messageIds: ids, ids: answered });
  const own = ownContactsOf(deps.config.hub);
  const theirs = messages.map(({ id, at, title, text }) => ({
    ...{ at, by: 'reporter' as const, title: title && mask(title, own), text: mask(text, own), via: null },
    files: (all: DoorFile[]) => all.filter((file) => file.messageId === id).map(fileView),
  }));
  const ours = answers.map(({ at, text, channelId, attachmentIds }) => ({
    ...{ at, by: 'agency' as const, title: null, text },
    via: channelId === open.channel.id ? null : (labelOf(deps, channelId) ?? null),
    files: (all: DoorFile[]) => all.filter((file) => attachmentIds.includes(file.id)).map(fileView),
  }));
  const entries = [...theirs, ...ours].sort((a, b) => a.at.getTime() - b.at.getTime());
  return { entries, files, status };
}

const fileView = ({ id, name, size }: DoorFile) => ({ id, name, size });

/** One answer that went out in several places is shown once. */
function distinct(answers: readonly StandingAnswer[]): StandingAnswer[] {
  const seen = new Set<Json>();
  return answers.filter(({ draftId, text }) => {
    const name = `${draftId} ${text}`;
    return seen.has(name) ? false : seen.add(name);
  });
}

const labelOf = ({ config }: DeskDeps, channelId: string): string | undefined =>
  config.channels.find(({ id }) => id === channelId)?.label;
