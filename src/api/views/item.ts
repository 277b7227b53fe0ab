import { type Json, rulesOf } from '#contract';
import { placeOn } from '../../config/channel.ts';
import { windowEnd } from '../../core/answer.ts';
import { DISMISSAL_LABELS, PUBLICATION_LABELS, STATE_LABELS } from '../../core/labels.ts';
import { waitsForPerson } from '../../core/publication.ts';
import type { InboxRow } from '../../store/inbox.ts';
import type { ApiDeps } from '../deps.ts';
import type { ComplaintItem } from '../schemas/complaint.ts';

/** One line of the inbox as clients see it. */
export function itemView(deps: ApiDeps, row: InboxRow): ComplaintItem {
  return {
    ...sharedView(deps, { ...row, assignee_name: row.assignee_name }),
    author: row.author_sealed ? publicName(deps, row.author_sealed) : null,
    messages: row.messages,
    excerpt: row.excerpt,
    attachments: row.attachments,
    publication: row.publication && {
      state: row.publication.state,
      label: PUBLICATION_LABELS[row.publication.state],
      needsPerson: waitsForPerson({ state: row.publication.state, needs_person: row.publication.needsPerson }),
    },
  };
}

type Shared = Omit<InboxRow, 'excerpt' | 'cursor_at' | 'author_sealed' | 'attachments' | 'publication' | 'context'> & {
  context: Json;
};

/** What the inbox and the detail say alike. */
export function sharedView(deps: ApiDeps, row: Shared) {
  return {
    id: row.id,
    ticketNo: row.ticket_no,
    state: row.state,
    stateLabel: STATE_LABELS[row.state],
    agency: row.agency_id,
    unit: row.unit_id,
    assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
    channel: row.channel_id,
    channelLabel: channelOf(deps, row.channel_id)?.label ?? row.channel_id,
    adapter: row.adapter,
    surface: row.surface,
    public: row.public,
    title: row.title,
    kind: row.kind,
    category: row.category,
    flags: {
      anonymous: row.anonymous,
      secret: row.secret,
      sensitive: row.sensitive,
      reactionPending: row.reaction_pending,
    },
    rating: row.rating,
    dismissal: dismissalView(row),
    permalink: row.permalink,
    context: row.context,
    receivedAt: row.received_at.toISOString(),
    lastActivityAt: row.last_activity_at.toISOString(),
    replyWindow: replyWindow(deps, row),
  };
}

function dismissalView({ state, dismissed_as: as, dismissed_rule: rule }: Shared) {
  return state === 'not_complaint' && as ? { as, label: DISMISSAL_LABELS[as], rule } : null;
}

const channelOf = (deps: ApiDeps, id: string) => deps.config.channels.find((channel) => channel.id === id);

function replyWindow(deps: ApiDeps, row: Shared): { until: string } | null {
  const at = placeOn(channelOf(deps, row.channel_id), { surface: row.surface });
  const rules = rulesOf(deps.adapters[row.adapter], at);
  const until = windowEnd(rules, row.surface, row.last_citizen_at ?? row.last_activity_at);
  return until && { until: until.toISOString() };
}

/** The name under which somebody wrote where everybody reads. What cannot be decrypted is no name, and is logged. */
export function publicName(deps: ApiDeps, sealed: Buffer): string | null {
  try {
    const author = deps.keyring.decryptJson(sealed, 'author') as { name?: string; handle?: string };
    return author.name ?? author.handle ?? null;
  } catch (error) {
    deps.log.error({ error: (error as Error).message }, 'api: the name of an author could not be decrypted');
    return null;
  }
}
