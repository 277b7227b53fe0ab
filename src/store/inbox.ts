import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Json, State, Surface } from '#contract';
import { type Actor, areas } from '../core/access.ts';
import type { Dismissal } from '../core/routing.ts';
import { parseTicketNo } from '../core/ticket.ts';
import type { Database } from './database.ts';
import type { Complaint, PublicationState } from './schema.ts';
import { visibleTo } from './scope.ts';

/** The reply window of a channel's surface, in milliseconds. */
export interface ReplyWindow {
  channelId: string;
  surface: Surface;
  ms: number;
}

/** Where a page ends: the order's two columns, the time in PostgreSQL's own words so that no microsecond is lost. */
export interface InboxCursor {
  at: string;
  id: string;
}

/** A list means any of its values; `null` in it means "nobody" or "none". */
export interface InboxFilter {
  channel?: readonly string[] | undefined;
  adapter?: readonly string[] | undefined;
  state?: readonly State[] | undefined;
  agency?: readonly (string | null)[] | undefined;
  unit?: readonly (string | null)[] | undefined;
  assignee?: readonly (string | null)[] | undefined;
  kind?: readonly string[] | undefined;
  surface?: readonly Surface[] | undefined;
  /** What was found to be no complaint, as this. */
  dismissedAs?: readonly Dismissal[] | undefined;
  /** Of the citizen's last activity. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Words, or a ticket number. */
  q?: string | undefined;
  public?: boolean | undefined;
  reactionPending?: boolean | undefined;
  /** Something that went out waits for a person. */
  needsPerson?: boolean | undefined;
  /** The time to answer ends within this span. */
  windowClosing?: { windows: readonly ReplyWindow[]; withinMs: number; now: Date } | undefined;
  after?: InboxCursor | undefined;
  limit: number;
}

type Shown =
  | ('id' | 'ticket_no' | 'state' | 'channel_id' | 'adapter' | 'surface' | 'public' | 'title' | 'kind' | 'category')
  | ('agency_id' | 'unit_id' | 'assignee_id' | 'anonymous' | 'secret' | 'sensitive' | 'reaction_pending' | 'rating')
  | ('messages' | 'permalink' | 'received_at' | 'last_activity_at' | 'dismissed_as' | 'dismissed_rule');

export interface InboxRow extends Pick<Complaint, Shown> {
  context: Json;
  excerpt: string;
  cursor_at: string;
  /** Encrypted, and only where the name is public already. */
  author_sealed: Buffer | null;
  assignee_name: string | null;
  attachments: number;
  publication: { state: PublicationState; needsPerson: boolean } | null;
  last_citizen_at: Date | null;
}

/** One page of the inbox, newest citizen activity first; one row more than asked for shows that there are more. */
export async function inboxPage(db: Database, actor: Actor, filter: InboxFilter): Promise<InboxRow[]> {
  const where = [visibleTo(actor, 'c'), ...conditions(filter)];
  if (filter.q === undefined) return read(db, filter, { where });
  const ticketNo = parseTicketNo(filter.q);
  // Nine letters can also be a word, such as "pelayanan".
  const byTicket = ticketNo ? await read(db, filter, { where: [...where, sql`c.ticket_no = ${ticketNo}`] }) : [];
  if (byTicket.length > 0) return byTicket;
  const words = [...where, sql<SqlBool>`c.search @@ websearch_to_tsquery('indonesian', ${filter.q})`];
  const bound = filter.agency !== undefined || areas(actor, 'read').every((area) => area.agencyId !== null);
  return bound ? read(db, filter, { where: words }) : searchWide(db, filter, words);
}

/** How many of the newest complaints are looked through before the index of words is asked. */
const NEWEST = 10_000;

/**
 * A search over all agencies. PostgreSQL cannot know how rare a word is, and guesses wrongly in both directions: half a
 * second at a million complaints. Common words fill their page from the newest complaints; for a rare one the index of
 * words names the few there are.
 */
async function searchWide(db: Database, filter: InboxFilter, where: Condition[]): Promise<InboxRow[]> {
  const start = filter.after ? sql`where ${afterCursor(filter.after)}` : sql``;
  const newest = sql`(select * from complaint c ${start} order by c.last_activity_at desc, c.id desc limit ${NEWEST})`;
  const found = await read(db, filter, { where, from: newest });
  return found.length > filter.limit ? found : read(db, filter, { where, byWords: true });
}

type Condition = RawBuilder<SqlBool>;

interface Reading {
  where: Condition[];
  from?: RawBuilder<unknown>;
  /** Find the rows by their words and sort them; not by walking down the order. */
  byWords?: boolean;
}

async function read(db: Database, filter: InboxFilter, reading: Reading): Promise<InboxRow[]> {
  const where = sql.join(reading.where, sql` and `);
  const order = reading.byWords ? sql`c.last_activity_at + interval '0'` : sql`c.last_activity_at`;
  // The page is found first, with its index; everything else is looked up for its few rows only.
  const { rows } = await sql<InboxRow>`
    select page.*,
      (select m.author_sealed from message m
        where m.id = page.opening_message_id and page.public and not page.anonymous) as author_sealed,
      (select u.name from app_user u where u.id = page.assignee_id) as assignee_name,
      (select count(*)::int from attachment a where a.complaint_id = page.id and a.uploaded_by is null) as attachments,
      (select jsonb_build_object('state', p.state, 'needsPerson', p.needs_person) from publication p
        where p.complaint_id = page.id order by p.position desc limit 1) as publication,
      (select max(m.at) from message m where m.complaint_id = page.id and m.direction = 'in') as last_citizen_at
    from (
      select c.id, c.ticket_no, c.state, c.channel_id, c.adapter, c.surface, c.public, c.title, left(c.body, 280) as excerpt,
        c.kind, c.category, c.agency_id, c.unit_id, c.assignee_id, c.anonymous, c.secret, c.sensitive,
        c.reaction_pending, c.rating, c.messages, c.permalink, c.context, c.dismissed_as, c.dismissed_rule, c.received_at, c.last_activity_at,
        c.last_activity_at::text as cursor_at, c.opening_message_id
      from ${reading.from ?? sql`complaint`} c where ${where}
      order by ${order} desc, c.id desc limit ${filter.limit + 1}
    ) page order by page.last_activity_at desc, page.id desc`.execute(db);
  return rows;
}

function conditions(filter: InboxFilter): Condition[] {
  return [
    ...anyOf('channel_id', filter.channel),
    ...anyOf('adapter', filter.adapter),
    ...anyOf('state', filter.state),
    ...anyOf('agency_id', filter.agency),
    ...anyOf('unit_id', filter.unit),
    ...anyOf('assignee_id', filter.assignee),
    ...anyOf('kind', filter.kind),
    ...anyOf('surface', filter.surface),
    ...anyOf('dismissed_as', filter.dismissedAs),
    ...flag('public', filter.public),
    ...flag('reaction_pending', filter.reactionPending),
    ...(filter.from ? [sql<SqlBool>`c.last_activity_at >= ${filter.from}`] : []),
    ...(filter.to ? [sql<SqlBool>`c.last_activity_at < ${filter.to}`] : []),
    ...(filter.needsPerson === undefined ? [] : [waitsForPerson(filter.needsPerson)]),
    ...(filter.windowClosing ? [closing(filter.windowClosing)] : []),
    ...(filter.after ? [afterCursor(filter.after)] : []),
  ];
}

function anyOf(name: string, values: readonly (string | null)[] | undefined): Condition[] {
  if (!values) return [];
  const column = sql.ref(`c.${name}`);
  const given = values.filter((value) => value !== null);
  const parts: Condition[] = [];
  if (given.length > 0) parts.push(sql`${column} in (${sql.join(given)})`);
  if (given.length < values.length) parts.push(sql`${column} is null`);
  return [sql`(${sql.join(parts, sql` or `)})`];
}

const flag = (name: string, value: boolean | undefined): Condition[] =>
  value === undefined ? [] : [sql<SqlBool>`${sql.ref(`c.${name}`)} = ${value}`];

const afterCursor = ({ at, id }: InboxCursor): Condition =>
  sql`(c.last_activity_at, c.id) < (${at}::timestamptz, ${id}::uuid)`;

/** Written with the words of the index `publication_person`. What was refused before an answer came is over. */
function waitsForPerson(wanted: boolean): Condition {
  const waiting = sql`select p.complaint_id from publication p join complaint owner on owner.id = p.complaint_id
    where (p.needs_person or p.state in ('refused','uncertain','assist'))
      and (p.needs_person or p.state = 'assist' or (p.state = 'refused' and owner.answered_at is null))`;
  return wanted ? sql`c.id in (${waiting})` : sql`c.id not in (${waiting})`;
}

/** Complaints with something that nobody answered yet, whose last message lies so far back that the window ends soon. */
function closing({ windows, withinMs, now }: NonNullable<InboxFilter['windowClosing']>): Condition {
  if (windows.length === 0) return sql`false`;
  const parts = windows.map(({ channelId, surface, ms }) => {
    const opened = new Date(now.getTime() - ms);
    const until = new Date(opened.getTime() + withinMs);
    return sql<SqlBool>`(c.channel_id = ${channelId} and c.surface = ${surface}
      and c.last_activity_at > ${opened} and c.last_activity_at <= ${until})`;
  });
  const oldest = new Date(now.getTime() - Math.max(...windows.map((window) => window.ms)));
  return sql`(c.last_activity_at > ${oldest} and (c.answered_at is null or c.reaction_pending)
    and c.state not in ('not_complaint','closed','rejected','out_of_scope','withdrawn','duplicate')
    and (${sql.join(parts, sql` or `)}))`;
}
