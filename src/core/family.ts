/** A complaint, or one that was merged into it. */
export interface Member {
  id: string;
  channel_id: string;
  thread_id: string;
  /** null: the one that took in the others. */
  merged_into: string | null;
}

/** Where a message stands. */
export interface Standing {
  complaint_id: string;
  channel_id: string;
  thread_id: string;
}

/**
 * Whose conversation a message belongs to. What the reporter of a merged complaint writes afterwards joins the one that
 * took it in; the thread still says whose it is. Pure.
 */
export function ownerOf<M extends Member>(family: readonly M[], message: Standing): M | undefined {
  const stands = family.find(({ id }) => id === message.complaint_id);
  if (stands && (stands.merged_into !== null || isThread(stands, message))) return stands;
  return family.find((member) => member.merged_into !== null && isThread(member, message)) ?? stands;
}

const isThread = (member: Member, { channel_id, thread_id }: Standing): boolean =>
  member.channel_id === channel_id && member.thread_id === thread_id;
