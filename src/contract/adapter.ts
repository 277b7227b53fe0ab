import type { z } from 'zod';
import type { Connect, Setup } from './connect.ts';
import type { ChannelContext, EndpointContext, NormaliseContext } from './context.ts';
import type { Door } from './door.ts';
import { type Author, type Item, type Json, SURFACES, type Surface } from './item.ts';
import type { Alert, Finding, Forwarding, Published, Reply, ReplyTarget, StaffNotice, StatusChange } from './reply.ts';

/** One HTTP delivery, exactly as it arrived. Header names are lower case. */
export interface Delivery {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * The outcome of `verify`. `stale`: genuine, but too old to be believed; it only makes the channels poll. The reason is
 * counted and logged: say what did not match, never a secret or content.
 */
export type Verdict = { ok: true; stale?: true } | { ok: false; reason: string };

/** One event as the platform sent it, before anything is read into it. */
export interface RawItem {
  /** The account it belongs to, as named by `account` in the channel's file. */
  account: string;
  /**
   * Names the *event*, not the object: object, verb and version. Two deliveries of one event have the same key; an edit
   * and a deletion have keys of their own, so that they are not swallowed. Unique per channel.
   */
  key: string;
  /** The event's own text as it came, or its bytes. Stored before it is understood, so that it can be replayed. */
  raw: string | Uint8Array;
  /** The adapter whose channels it is for, where one endpoint serves several (`receive.serves`). Absent: the endpoint's own. */
  adapter?: string;
  /** The event only names its object: the hub has `complete` fetch the rest before `normalise` sees it. */
  incomplete?: true;
}

/** What a delivery holds: items, or only the news that something changed, which makes its channels poll at once. */
export type Unpacked = RawItem[] | 'wake';

export interface Receive<E> {
  /** Settings of the endpoint in `hub.yaml`: secrets and how they are used. Strict. */
  settings: z.ZodType<E>;
  /** On the raw bytes, before anything is parsed. Never throws for a bad delivery: it answers with a reason. */
  verify(delivery: Delivery, ctx: EndpointContext<E>): Promise<Verdict>;
  /** The platform's own check of our address (GET, or a POST that is not a delivery). `null`: this is none. */
  handshake?(delivery: Delivery, ctx: EndpointContext<E>): Promise<HandshakeAnswer | null>;
  /**
   * Splits a verified delivery, all of it. Pure; the same delivery always gives the same items. A part that cannot be
   * read is returned as an item all the same (its `normalise` will say why), so that the others go on. `settings`: the
   * endpoint's, where fields are called differently from place to place; absent when it is no longer in hub.yaml.
   */
  unpack(delivery: Delivery, settings?: E): Unpacked;
  /**
   * The platform asks, for a person, that what they wrote be deleted (a POST to `/hooks/<endpoint>/deletion`). Gives
   * that person's id as it stands in `author.id`; `null`: this is no genuine request.
   */
  erasure?(delivery: Delivery, ctx: EndpointContext<E>): Promise<{ person: string } | null>;
  /**
   * Other adapters whose channels may name an endpoint of this one: a family of platforms that delivers to one address.
   * An item for one of them says so (`RawItem.adapter`), and that adapter's `normalise` reads it.
   */
  serves?: readonly string[];
}

export interface HandshakeAnswer {
  status: number;
  contentType: string;
  body: string;
}

export interface Page<C> {
  items: RawItem[];
  /** Where to go on. Saved together with the items, in one transaction: checkpoint after consume. */
  next: C;
  /** Is there another page right now? */
  more: boolean;
}

export interface Poll<S, C extends Json> {
  /** The cursor's shape. It must survive JSON; `null` is the first poll ever. */
  cursor: z.ZodType<C>;
  /** How often, unless the channel's file says otherwise. A duration such as `10m`. */
  every: string;
  /**
   * Is there nothing to poll on this channel, because its file names no place to read from? Then it is not polled, and an
   * empty page does not pass for a platform that answers. Absent: every channel is polled. Pure.
   */
  idle?(settings: S): boolean;
  /**
   * One page after `cursor`. Items with equal timestamps must not be lost at a page's edge: overlap rather than skip,
   * the keys take care of what comes twice. May be stopped after any page.
   */
  page(cursor: C | null, ctx: ChannelContext<S>): Promise<Page<C>>;
}

export type Idempotency = 'native' | 'lookup' | 'none';

/** What an answer has to keep to, known before anyone approves it. */
export interface AnswerRules {
  /** The longest text, in UTF-16 units unless `measure` says otherwise. The hub refuses longer ones before `send`; `send` does too. */
  maxChars: number;
  /** The length of a text as the platform counts it. Pure. */
  measure?(text: string): number;
  /** Where an answer can be published. */
  surfaces: readonly Surface[];
  /** How long after the citizen's last message an answer is accepted, per surface. A duration such as `24h`. */
  window?: Partial<Record<Surface, string>>;
  /** What can still be sent once the window is over, such as a message after a template. Absent: nothing. */
  afterWindow?: Pick<AnswerRules, 'maxChars' | 'measure' | 'attachments'> | undefined;
  /** Files that may go with an answer; absent: none. `maxChars`: the longest text beside a file, where it is shorter. */
  attachments?: { maxCount: number; maxBytes: number; mimes: readonly string[]; maxChars?: number } | undefined;
}

interface PublishBase<S> extends AnswerRules {
  /** What is different on a surface or for an account; the rest stays. `attachments: undefined`: none there. Pure. */
  rules?(surface: Surface, settings: S): Partial<Omit<AnswerRules, 'surfaces'>>;
  /**
   * What stands in public can also be answered in private (`ReplyTarget.privately`), once. `surfaces` are those public
   * ones, and the window counts from the message itself.
   */
  privately?: AnswerRules;
  /**
   * Divides a text that is too long for one message, such as into a thread; one part: it goes out as it is. `maxChars` and
   * `measure` then speak of the whole. Each part is sent by itself, in order, when the one before it stands. All of the text,
   * but for white space at the seams. Pure.
   */
  split?(text: string, at: { surface: Surface; settings: S }): readonly string[];
  /** How soon after a send a look-up surely sees what landed. A duration; `absent` counts only after it. */
  settleAfter?: string | ((settings: S) => string);
  /** How long a send may take, where the hub's own limit is too short for large files or slow servers. A duration. */
  sendTimeout?: string;
  /**
   * Sends once; never retries. Exactly one request that publishes; uploads may precede it. A 2xx without the id that
   * proves it is an error of kind `retry`, not a success.
   */
  send(reply: Reply, ctx: ChannelContext<S>): Promise<Published>;
}

/** A platform that honours `reply.key` may be sent the same key again. */
interface PublishNative<S> extends PublishBase<S> {
  idempotency: 'native';
  /** There is no platform: what is published stands at the hub itself, and `send` asks nobody. The key is its id. */
  here?: true;
}
/** A platform that can be asked whether our reply stands. Needs `reconcile`. */
interface PublishLookup<S> extends PublishBase<S> {
  idempotency: 'lookup' | ((settings: S) => Idempotency);
}
/** A platform that can do neither: a doubtful send goes to a person. */
interface PublishNone<S> extends PublishBase<S> {
  idempotency: 'none';
}

/** Looks for our reply at the platform. `unknown` when it could not be looked up; `absent` only when it surely is not there. */
type Reconcile<S> = (reply: Reply, ctx: ChannelContext<S>) => Promise<Finding>;

type Answering<S> =
  | { publish: PublishLookup<S>; reconcile: Reconcile<S> }
  | { publish: PublishNative<S> | PublishNone<S>; reconcile?: Reconcile<S> }
  | { publish?: never; reconcile?: never };

/** Complaints are entered at the hub itself: by an officer, or by the citizen's own form. */
export interface Entry<S> {
  /** What can be entered here. */
  surfaces: readonly Surface[];
  /** What is meant where nothing else is said. Pure. */
  usual(settings: S): Surface;
}

interface Reading<S> {
  /**
   * Raw to the one item format. No I/O and no clock; may be async; runs in a worker thread under limits of time and
   * memory. `null`: not for us, kept as ignored. Throws on what cannot be read: the item is quarantined, alone.
   */
  normalise(raw: string | Uint8Array, ctx: NormaliseContext<S>): Item | null | Promise<Item | null>;
}

/** The types refuse an adapter with no way in. */
type Ingest<S, E, C extends Json> =
  | ({ receive: Receive<E>; poll?: Poll<S, C>; entry?: never } & Reading<S>)
  | ({ receive?: never; poll: Poll<S, C>; entry?: never } & Reading<S>)
  | { receive?: never; poll?: never; entry: Entry<S>; normalise?: never };

export const MODERATIONS = ['hide', 'unhide'] as const;
export type Moderation = (typeof MODERATIONS)[number];

export interface FetchedMedia {
  bytes: Uint8Array;
  name?: string;
  mime?: string;
}

export interface Health {
  /** What was found, for operators, in plain Indonesian. */
  detail: string;
  /** When the credentials end, where the platform tells. */
  expiresAt?: Date;
  /** When the certificate of the platform's server ends, where that is the district's own to renew. */
  certificateExpiresAt?: Date;
  /** What somebody should look after before it breaks, each in plain Indonesian. A new one is noted in the trail. */
  warnings?: string[];
}

/** Regular care for an account. */
export interface Care<S> {
  /** How often. A duration such as `30m`. */
  every: string;
  /**
   * Checks as `probe` does, and mends what is our own at the platform: a lost webhook subscription, a token that has to
   * be renewed. Publishes nothing, and does nothing where nothing is wrong.
   */
  run(ctx: ChannelContext<S>): Promise<Health>;
}

/** Something wrong in a channel's settings that their schema cannot see. */
export interface SettingFault {
  path: (string | number)[];
  /** Where in the text that stands there, from 0. */
  offset?: number;
  /** In plain Indonesian: what is wrong, and how it is written rightly. */
  message: string;
}

interface Base<S> {
  /** = the folder's name. */
  name: string;
  /** What a channel's file may set. Strict; secrets marked with `secret()`; every address of the platform is a setting with the real default. */
  settings: z.ZodType<S>;
  /** What of these settings their schema cannot see. Pure: it asks nobody. Whatever it finds keeps the channel from running. */
  examine?(settings: S): Promise<SettingFault[]>;
  /**
   * Reads at the platform what an `incomplete` event only names, and gives the event as `normalise` is to read it.
   * `refused`: it cannot be seen; then `normalise` gets the event as it came.
   */
  complete?(raw: string | Uint8Array, ctx: ChannelContext<S>): Promise<string | Uint8Array>;
  /**
   * Hides a message of a citizen from the public, or shows it again. Said of what is so already it changes nothing, so
   * that it may be asked again. Never writes a text.
   */
  moderate?(action: Moderation, target: ReplyTarget, ctx: ChannelContext<S>): Promise<void>;
  /** Long-lived listening (IMAP IDLE, a stream); calls `wake` when something may have come. Ends when `ctx.signal` aborts. */
  watch?(ctx: ChannelContext<S>, wake: () => void): Promise<void>;
  /** Writes a status to the report at the platform. A publication like any other: sent once, same errors as `send`. */
  pushStatus?(change: StatusChange, ctx: ChannelContext<S>): Promise<Published>;
  /**
   * What one of our states is called at this account; `null`: it is not told of it. Two states of one name are told once.
   * Pure. Without it every state is told.
   */
  statusCode?(state: string, settings: S): string | null;
  /** Looks whether a status of ours whose fate is unknown has been taken; as `reconcile`. Without it a person decides. */
  findStatus?(change: StatusChange, ctx: ChannelContext<S>): Promise<Finding>;
  /** Creates a report there and gives back its id, which is also its `objectId` when it is read back. */
  forward?(report: Forwarding, ctx: ChannelContext<S>): Promise<Published>;
  /** Looks whether a report of ours stands there whose fate is unknown; as `reconcile`. Without it a person decides. */
  findForwarded?(report: Forwarding, ctx: ChannelContext<S>): Promise<Finding>;
  /**
   * Where somebody can be written to who has not written on this channel: by a telephone number or an address that they
   * left elsewhere. What they answer comes in that thread. Pure. `null`: nothing they left serves.
   */
  reach?(author: Author, settings: S): Pick<ReplyTarget, 'objectId' | 'threadId' | 'surface'> | null;
  /** Tells a member of staff. A publication like any other: sent once, same errors as `send`. */
  notify?(notice: StaffNotice, ctx: ChannelContext<S>): Promise<Published>;
  /** Tells whoever looks after the hub. A publication like any other: sent once, same errors as `send`. */
  alert?(alert: Alert, ctx: ChannelContext<S>): Promise<Published>;
  /** Tells the platform that the office has read this message of a citizen. Says nothing; may be asked twice. */
  markRead?(target: ReplyTarget, ctx: ChannelContext<S>): Promise<void>;
  /** Fetches an attachment named by `ref`. */
  media?(ref: Json, ctx: ChannelContext<S>): Promise<FetchedMedia>;
  /**
   * Takes an attachment that `normalise` named by `inside` out of the raw item. Pure, in a worker thread, like
   * `normalise`. So what is large stays in one place until it is needed, and needs no second look at the platform.
   */
  extract?(raw: RawItem['raw'], inside: Json, ctx: NormaliseContext<S>): FetchedMedia | Promise<FetchedMedia>;
  /** Checks the credentials with a request that changes nothing. Throws a ChannelError when they do not work. */
  probe?(ctx: ChannelContext<S>): Promise<Health>;
  /** What the hub does from time to time to keep the account working. */
  care?: Care<S>;
  /** Signing in at the platform's consent screen, by `kanal channel connect`. */
  connect?: Connect<S>;
  /**
   * The channel is the citizen's own door: the hub shows the form at `/lapor`, and takes what is sent there as items of
   * this channel. Pure; fits the schema `door`.
   */
  door?(settings: S): Door;
  /** What `kanal channel add` asks, for each way to begin a channel. */
  setup?: readonly Setup[];
}

export type Adapter<S, E, C extends Json> = Base<S> & Ingest<S, E, C> & Answering<S>;

/** An adapter whose type parameters do not matter to the caller: the hub handles settings and cursors opaquely. */
// biome-ignore lint/suspicious/noExplicitAny: settings and cursors are opaque to the hub and checked by the adapter's own schemas
export type AnyAdapter = Base<any> & {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  normalise: Reading<any>['normalise'];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  entry?: Entry<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  receive?: Receive<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  poll?: Poll<any, any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  publish?: PublishNative<any> | PublishLookup<any> | PublishNone<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  reconcile?: Reconcile<any>;
};

/** Declares an adapter; exists for its types. An ability is a key: present or absent, never "not implemented". */
export function defineAdapter<S, E = never, C extends Json = never>(adapter: Adapter<S, E, C>): AnyAdapter {
  // What is entered at the hub is an item from its beginning: there is nothing to read into it.
  return { normalise: () => null, ...adapter } as AnyAdapter;
}

/** Where a person publishes by hand, and nothing is known of a platform's limits. */
const BY_HAND: AnswerRules = {
  maxChars: 20_000,
  surfaces: SURFACES,
  attachments: {
    ...{ maxCount: 10, maxBytes: 25 * 1024 * 1024 },
    mimes: ['image/jpeg', 'image/png', 'image/webp', 'application/pdf', 'video/mp4'],
  },
};

export interface AnswerPlace {
  surface: Surface;
  settings: unknown;
  privately?: boolean | undefined;
  /** A person publishes it: what an API allows, and until when, does not bind them; the length that the platform takes does. */
  byHand?: boolean | undefined;
}

/** What an answer on this surface of this channel has to keep to; `undefined`: the adapter cannot answer. */
export function rulesOf(adapter: AnyAdapter | undefined, at: AnswerPlace): AnswerRules | undefined {
  if (at.byHand) {
    const { maxChars, measure } = rulesOf(adapter, { ...at, byHand: false }) ?? BY_HAND;
    return { ...BY_HAND, maxChars, ...(measure && { measure }) };
  }
  const publish = adapter?.publish;
  if (!publish || at.privately) return publish?.privately;
  return at.settings === undefined ? publish : { ...publish, ...publish.rules?.(at.surface, at.settings) };
}

/** How doubtful sends of this channel are settled. */
export function idempotencyOf(adapter: AnyAdapter, settings: unknown): Idempotency {
  const stated = adapter.publish?.idempotency ?? 'none';
  return typeof stated === 'function' ? stated(settings) : stated;
}

/** A duration: how soon after a send on this channel a look-up surely sees what landed. */
export function settleAfterOf(adapter: AnyAdapter, settings: unknown): string {
  const stated = adapter.publish?.settleAfter ?? '10s';
  return typeof stated === 'function' ? stated(settings) : stated;
}

/** Keys of an adapter that are abilities. */
export const ABILITIES = [
  'receive', 'poll', 'entry', 'watch', 'complete', 'publish', 'reconcile', 'pushStatus', 'findStatus', 'forward', 'findForwarded',
  'reach', 'notify', 'alert', 'moderate', 'markRead',
  'media', 'extract',
  'probe', 'care', 'connect', 'door',
] as const satisfies readonly (keyof AnyAdapter)[]; // biome-ignore format: one glance
export type AbilityKey = (typeof ABILITIES)[number];

/** The abilities of an adapter, as its keys say. */
export const abilities = (adapter: AnyAdapter): AbilityKey[] => ABILITIES.filter((key) => adapter[key] !== undefined);
