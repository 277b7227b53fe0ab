import type { z } from 'zod';
import { parseDuration, rulesOf } from '#contract';
import { placeOn } from '../../config/channel.ts';
import type { Actor } from '../../core/access.ts';
import { brief } from '../../flows/desk/brief.ts';
import { notFound } from '../../flows/desk/desk.ts';
import { findComplaint } from '../../store/complaints.ts';
import { type InboxFilter, inboxPage, type ReplyWindow } from '../../store/inbox.ts';
import type { ApiDeps } from '../deps.ts';
import { decodePair, pageOf } from '../paging.ts';
import { byId, ok, problems } from '../schemas/common.ts';
import { briefText, complaintDetail, inboxPage as pageSchema } from '../schemas/complaint.ts';
import { inboxQuery } from '../schemas/work.ts';
import type { TypedApp } from '../typed.ts';
import { detailView } from '../views/detail.ts';
import { itemView } from '../views/item.ts';

const tags = ['Complaints'];
const CLOSING_WITHIN_MS = 6 * 3_600_000;

/** The unified inbox, and one complaint whole. */
export async function inboxRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  const windows = replyWindows(deps);
  app.get(
    '/complaints',
    {
      schema: {
        tags,
        summary: 'The unified inbox, newest citizen activity first',
        querystring: inboxQuery,
        response: { 200: ok('One page', pageSchema), ...problems },
      },
    },
    async (request) => {
      const filter = filterOf(request.query, request.actor, windows, deps.clock.now());
      const rows = await inboxPage(deps.db, request.actor, filter);
      const page = pageOf(rows, request.query.limit, (row) => [row.cursor_at, row.id]);
      return { items: page.items.map((row) => itemView(deps, row)), nextCursor: page.nextCursor };
    },
  );
  app.get(
    '/complaints/:id',
    {
      schema: {
        tags,
        summary: 'One complaint with messages, drafts, publications, notes and events',
        description: "Holds the reporter's contact where your role may see it; each reading is recorded.",
        params: byId,
        response: { 200: ok('The complaint', complaintDetail), ...problems },
      },
    },
    async (request) => {
      const { id } = request.params;
      const row = (await findComplaint(deps.db, request.actor, id)) ?? notFound('complaint', id);
      return detailView(deps, request.actor, row);
    },
  );
  app.get(
    '/complaints/:id/brief',
    {
      schema: {
        tags,
        summary: "A few lines to paste into the office's group chat",
        description: 'In Indonesian; without the reporter, and with what they typed by mistake masked.',
        params: byId,
        response: { 200: ok('The text', briefText), ...problems },
      },
    },
    async (request) => ({ text: await brief(deps, request.actor, request.params.id) }),
  );
}

type Query = z.output<typeof inboxQuery>;

function filterOf(query: Query, actor: Actor, windows: readonly ReplyWindow[], now: Date): InboxFilter {
  const { cursor, windowClosing, agency, unit, assignee, ...same } = query;
  return {
    ...same,
    agency: orNone(agency),
    unit: orNone(unit),
    assignee: orNone(assignee?.map((one) => (one === 'me' ? actor.userId : one))),
    windowClosing: windowClosing ? { windows, withinMs: CLOSING_WITHIN_MS, now } : undefined,
    after: decodePair(cursor),
  };
}

const orNone = (values: readonly string[] | undefined): (string | null)[] | undefined =>
  values?.map((value) => (value === 'none' ? null : value));

/** Every channel's reply windows, as its adapter states them. */
function replyWindows(deps: ApiDeps): ReplyWindow[] {
  return deps.config.channels.flatMap((channel) => {
    const adapter = deps.adapters[channel.adapter];
    return (adapter?.publish?.surfaces ?? []).flatMap((surface) => {
      const window = rulesOf(adapter, placeOn(channel, { surface }))?.window?.[surface];
      return window ? [{ channelId: channel.id, surface, ms: parseDuration(window) }] : [];
    });
  });
}
