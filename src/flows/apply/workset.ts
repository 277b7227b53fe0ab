import type { Item } from '#contract';
import type { Channel } from '../../config/load.ts';
import { linkHash } from '../../core/chain.ts';
import { sha256 } from '../../core/sealed.ts';
import type { Known } from '../../core/thread.ts';
import { insertRecords, type Row } from '../../store/bulk.ts';
import { newId, type Tx } from '../../store/database.ts';
import { announce, appendEvents, type EventRow, insertEvents, type NewEvent } from '../../store/events.ts';
import {
  addToComplaints,
  forwardsUnderway,
  holdUnderway,
  insertComplaints,
  isForwarded,
  type Joined,
  lockInOrder,
  messagesByObject,
  newestOfThreads,
  type PublicationRef,
  publicationsOf,
  reachedThreads,
  refreshSearch,
  reportersOf,
  settleLater,
  standingComplaint,
  type ThreadComplaint,
  ticketsOf,
  withReplyIn,
  writersOf,
} from '../../store/register.ts';
import type {
  NewAttachment,
  NewComplaint,
  NewMessage,
  NewOutboxEntry,
  NewReporter,
  OutboxTable,
} from '../../store/schema.ts';

const hex = (hash: Buffer): string => hash.toString('hex');
const hexOf = (id: string): string => hex(sha256(id));

interface KnownMessage {
  id: string;
  complaintId: string;
  direction: 'in' | 'out';
  threadId: string;
  forwarded: boolean;
}

export interface WorksetOptions {
  tx: Tx;
  channel: Channel;
  now: Date;
  settleMs: number;
  reaches?: boolean;
  by?: string;
}

type ThreadState = Pick<ThreadComplaint, 'id' | 'state'>;

/**
 * What a batch of items knows and will write. Items are decided one after the other against it, so that the second
 * message of a burst already sees the complaint that the first one opened; rows are written together by `flush`.
 */
export class Workset {
  private readonly messages = new Map<string, KnownMessage>();
  private readonly threads = new Map<string, ThreadState>();
  /** Of messages of ours where we wrote first: the complaint of whoever answers them. */
  private readonly answered = new Map<string, ThreadState>();
  private readonly publications = new Map<string, PublicationRef>();
  private tickets = new Map<string, ThreadState>();
  /** Complaint to the reporters who wrote in it. */
  private writers = new Map<string, Set<string>>();
  private underway = new Set<string>();
  /** Of reports of ours whose fate is unknown. */
  private underwayWords: string[] = [];
  private reporters = new Map<string, string>();

  private complaints: NewComplaint[] = [];
  private newMessages: NewMessage[] = [];
  private newReporters: (NewReporter & { blind: Buffer; contacts: readonly Buffer[] })[] = [];
  private attachments: NewAttachment[] = [];
  private firstEvents: EventRow[] = [];
  private events: NewEvent[] = [];
  private outbox: NewOutboxEntry[] = [];
  private joined = new Map<string, Joined>();
  /** Objects that came in this batch: what waited for them is to be looked at again. */
  readonly arrived: Buffer[] = [];

  readonly tx: Tx;
  readonly channel: Channel;
  readonly now: Date;
  readonly settleMs: number;

  /** Does the hub write to people on this channel who have not written there? */
  private readonly reaches: boolean;
  private readonly byHand: boolean;

  constructor({ tx, channel, now, settleMs, reaches = false, by }: WorksetOptions) {
    this.tx = tx;
    this.channel = channel;
    this.now = now;
    this.settleMs = settleMs;
    this.reaches = reaches;
    this.byHand = by !== undefined;
  }

  /** Reads what the register knows about these items, in a handful of statements. */
  async load(items: readonly Item[], blinds: readonly Buffer[]): Promise<void> {
    const objects = items.flatMap((item) => [
      item.objectId,
      ...(item.type === 'message' && item.parentId ? [item.parentId] : []),
      // A report of ours there is a message of the complaint that it came from.
      ...(item.type === 'message' ? [item.threadId] : []),
    ]);
    const threads = items.flatMap((item) => (item.type === 'message' ? [item.threadId] : []));
    const ours = items.filter((item) => item.type === 'receipt' || (item.type === 'message' && item.fromUs));
    // Publications before complaints: the order in which every flow locks them.
    if (ours.length > 0) await holdUnderway(this.tx, this.channel.id);
    for (const row of await messagesByObject(this.tx, this.channel.id, hashes(objects))) {
      const about = { id: row.id, complaintId: row.complaint_id, direction: row.direction, threadId: row.thread_id };
      this.messages.set(hex(row.object_hash), { ...about, forwarded: isForwarded(row) });
    }
    for (const [hash, row] of await newestOfThreads(this.tx, this.channel.id, hashes(threads)))
      this.threads.set(hash, row);
    await this.lockChanging(items);
    await this.loadForwarded(items);
    if (this.reaches) await this.loadReached(items);
    this.reporters = await reportersOf(this.tx, this.channel.id, blinds);
    if (ours.length > 0) await this.loadOurs(ours);
    await this.loadClaims(items);
  }

  /** Statuses and deletions change their complaints one by one; locked in the order that all flows keep, none blocks another. */
  private lockChanging(items: readonly Item[]): Promise<void> {
    const changing = items.filter(({ type }) => type === 'status' || type === 'deletion');
    const ids = changing.flatMap(({ objectId }) => this.messages.get(hexOf(objectId))?.complaintId ?? []);
    return lockInOrder(this.tx, [...new Set(ids)]);
  }

  /** What is written below a report of ours belongs to the complaint that it came from, as that is now. */
  private async loadForwarded(items: readonly Item[]): Promise<void> {
    const reports = items.some((item) => item.type === 'message' && item.surface === 'report' && !item.fromUs);
    // Publications before complaints: the order in which every flow locks them.
    if (reports) this.underwayWords = (await forwardsUnderway(this.tx, this.channel.id)).map(wordsOnly);
    for (const item of items) {
      const message = item.type === 'message' ? this.messages.get(hexOf(item.threadId)) : undefined;
      if (!message?.forwarded || item.type !== 'message' || this.threads.has(hexOf(item.threadId))) continue;
      const complaint = await standingComplaint(this.tx, message.complaintId);
      if (complaint) this.threads.set(hexOf(item.threadId), complaint);
    }
  }

  /**
   * Where we wrote first, one thread holds several complaints: what is written there belongs to the one whose message it
   * names as its parent, and otherwise to the one that was spoken of last.
   */
  private async loadReached(items: readonly Item[]): Promise<void> {
    const messages = items.filter((item) => item.type === 'message');
    const threadIds = [...new Set(messages.map(({ threadId }) => threadId))];
    const asked = threadIds.map((threadId) => ({ threadId, knownId: this.threads.get(hexOf(threadId))?.id ?? null }));
    const reached = new Set<string>();
    for (const { threadId, complaintId } of await reachedThreads(this.tx, this.channel.id, asked)) {
      const complaint = await standingComplaint(this.tx, complaintId);
      if (complaint) this.threads.set(hexOf(threadId), complaint);
      reached.add(threadId);
    }
    for (const { threadId, parentId } of messages) {
      const parent = parentId ? this.messages.get(hexOf(parentId)) : undefined;
      if (!parent || parent.direction === 'in' || parent.threadId !== threadId || !reached.has(threadId)) continue;
      const complaint = await standingComplaint(this.tx, parent.complaintId);
      if (complaint) this.answered.set(hexOf(parentId!), complaint);
    }
  }

  /** What is only claimed is held against who wrote where. */
  private async loadClaims(items: readonly Item[]): Promise<void> {
    const claims = items.filter((item) => item.type === 'message' && (item.claimed || item.ticketNo));
    if (claims.length === 0) return;
    const named = claims.flatMap((item) => (item.type === 'message' && item.ticketNo ? [item.ticketNo] : []));
    this.tickets = await ticketsOf(this.tx, this.channel.id, [...new Set(named)]);
    const standing = [...this.threads.values(), ...this.tickets.values()].map((complaint) => complaint.id);
    const quoted = [...this.messages.values()].map((message) => message.complaintId);
    this.writers = await writersOf(this.tx, [...new Set([...standing, ...quoted])]);
  }

  private async loadOurs(items: readonly Item[]): Promise<void> {
    const keys = items.flatMap((item) => keyOf(item) ?? []);
    const publishedHashes = hashes(items.map((item) => item.objectId));
    for (const row of await publicationsOf(this.tx, this.channel.id, { publishedHashes, keys })) {
      if (row.published_hash) this.publications.set(hex(row.published_hash), row);
      this.publications.set(row.id, row);
    }
    this.underway = await withReplyIn(
      this.tx,
      [...this.threads.values()].map((complaint) => complaint.id),
      // Who brings in a chat by hand has compared its words with ours already.
      this.byHand ? ['sending', 'uncertain'] : ['sending', 'uncertain', 'assist'],
    );
  }

  known(item: Item, author: Buffer | null): Known {
    const known: Known = {};
    const message = this.messages.get(hexOf(item.objectId));
    if (message) known.message = message;
    if (item.type === 'message' && this.isUnderway(item.text)) known.forwardUnderway = true;
    const publication = this.publications.get(hexOf(item.objectId)) ?? this.publications.get(keyOf(item) ?? '');
    if (publication) {
      const { id, complaint_id, state } = publication;
      known.publication = { id, complaintId: complaint_id, settled: state === 'published' };
    }
    if (item.type !== 'message') return known;
    const parent = item.parentId ? this.messages.get(hexOf(item.parentId)) : undefined;
    if (parent) known.parent = { complaintId: parent.complaintId, ours: parent.direction === 'out' };
    const answered = item.parentId ? this.answered.get(hexOf(item.parentId)) : undefined;
    const thread = answered ?? this.threads.get(hexOf(item.threadId));
    if (thread) known.thread = { complaintId: thread.id, state: thread.state };
    known.replyUnderway = thread ? this.underway.has(thread.id) : false;
    const ticket = item.ticketNo ? this.tickets.get(item.ticketNo) : undefined;
    if (ticket) known.ticket = { complaintId: ticket.id, state: ticket.state };
    if (item.claimed || ticket) known.wroteIn = this.wroteIn(author);
    return known;
  }

  /** A portal may put something before or after our words. */
  private isUnderway(text: string): boolean {
    if (this.underwayWords.length === 0) return false;
    const words = wordsOnly(text);
    return this.underwayWords.some((one) => one !== '' && words.includes(one));
  }

  private wroteIn(author: Buffer | null): Set<string> {
    const reporter = author && this.reporters.get(hex(author));
    const mine = [...this.writers].filter(([, reporters]) => reporter && reporters.has(reporter));
    return new Set(mine.map(([complaintId]) => complaintId));
  }

  /** The reporter behind a blind index; makes one when nobody wrote from there before. */
  reporterFor(blind: Buffer, contact: () => Buffer, contacts: readonly Buffer[]): string {
    const known = this.reporters.get(hex(blind));
    if (known) return known;
    const id = newId();
    this.reporters.set(hex(blind), id);
    this.newReporters.push({ id, contact: contact(), blind, contacts });
    return id;
  }

  addComplaint(row: NewComplaint, actor: string, messageId: string): void {
    const link = { id: newId(), complaintId: row.id, seq: 1, at: this.now, actor, type: 'complaint.opened' };
    const data = { messageId, state: row.state, channel: row.channel_id };
    const hash = linkHash(null, { ...link, data });
    this.firstEvents.push({ ...link, data, prev: null, hash });
    this.complaints.push({ ...row, event_seq: 1, event_head: hash });
    this.threads.set(hex(row.thread_hash), { id: row.id, state: row.state });
  }

  addMessage(row: NewMessage, attachments: NewAttachment[]): void {
    this.newMessages.push(row);
    this.attachments.push(...attachments);
    const { id, complaint_id: complaintId, thread_id: threadId, direction } = row;
    this.messages.set(hex(row.object_hash), { id, complaintId, direction, threadId, forwarded: false });
    this.arrived.push(row.object_hash);
    if (direction === 'out' || !row.reporter_id || row.stranger) return;
    const writers = this.writers.get(complaintId) ?? new Set();
    this.writers.set(complaintId, writers.add(row.reporter_id));
  }

  addJoin(complaintId: string, at: Date, reaction: boolean): void {
    const before = this.joined.get(complaintId);
    this.joined.set(complaintId, {
      messages: (before?.messages ?? 0) + 1,
      lastActivityAt: before && before.lastActivityAt > at ? before.lastActivityAt : at,
      reaction: reaction || (before?.reaction ?? false),
    });
  }

  addEvent(event: NewEvent): void {
    this.events.push(event);
  }

  addOutbox(complaintId: string, type: OutboxTable['type'], dueAt: Date): void {
    this.outbox.push({
      id: newId(),
      complaint_id: complaintId,
      type,
      at: this.now,
      due_at: dueAt,
    });
  }

  /** Writes everything gathered so far. May be called more than once in a transaction. */
  async flush(): Promise<void> {
    await this.flushReporters();
    await insertComplaints(this.tx, this.complaints);
    await insertRecords(this.tx, 'message', this.newMessages as readonly Row[]);
    await insertRecords(this.tx, 'attachment', this.attachments as readonly Row[]);
    await insertEvents(this.tx, this.firstEvents);
    await announce(this.tx, this.firstEvents);
    await this.flushJoined();
    await appendEvents(this.tx, this.events, this.now);
    await insertRecords(this.tx, 'outbox', this.outbox as readonly Row[]);
    this.complaints = [];
    this.newMessages = [];
    this.attachments = [];
    this.firstEvents = [];
    this.events = [];
    this.outbox = [];
    this.joined = new Map();
  }

  private async flushReporters(): Promise<void> {
    if (this.newReporters.length === 0) return;
    const channel_id = this.channel.id;
    const reporters = this.newReporters.map(({ id, contact }) => ({ id, contact }));
    const identities = this.newReporters.map(({ id, blind }) => ({ channel_id, blind, reporter_id: id }));
    await insertRecords(this.tx, 'reporter', reporters);
    await insertRecords(this.tx, 'reporter_identity', identities);
    const contacts = this.newReporters.flatMap((one) => one.contacts.map((blind) => ({ blind, reporter_id: one.id })));
    await insertRecords(this.tx, 'reporter_contact', contacts);
    this.newReporters = [];
  }

  /** A burst settles before triage: each further message moves the opening event, up to five times the span. */
  private async flushJoined(): Promise<void> {
    if (this.joined.size === 0) return;
    const ids = [...this.joined.keys()];
    await addToComplaints(this.tx, this.joined);
    await settleLater(this.tx, ids, this.settleMs);
    await refreshSearch(this.tx, ids);
  }
}

/** Portals change white space and marks. */
const wordsOnly = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The key of a publication that the item speaks of. */
const keyOf = (item: Item): string | undefined =>
  item.type === 'message' || item.type === 'receipt' ? item.publicationKey : undefined;

const hashes = (ids: readonly string[]): Buffer[] => [...new Set(ids)].map((id) => sha256(id));
