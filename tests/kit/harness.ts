import type { Author, Delivery, Json, ReplyTarget } from '#contract';
import type { Handler, Wire, WireAnswer, WireRequest } from './wire.ts';

export type Verb = 'create' | 'edit' | 'delete';

/** Something a citizen did at the platform. `garbage`: a member of a batch that nobody can read. */
export interface KitEvent {
  verb: Verb | 'garbage';
  account: string;
  objectId: string;
  at: Date;
  text: string;
}

/** Something that stands at the platform: ours, or someone else's with `key: null`. */
export interface Landed {
  id: string;
  key: string | null;
  text: string;
  files: number;
  /** Only the citizen sees it. */
  private?: boolean;
}

/** What the stand-in platform knows. The kit adds events and looks at what landed. */
export interface PlatformState {
  readonly events: KitEvent[];
  readonly landed: Landed[];
  /** Objects that our account has hidden. */
  readonly hidden: Set<string>;
  /** Objects that our account has read. */
  readonly read: Set<string>;
  /** Resolves when an event is added after the call. */
  nextEvent(): Promise<void>;
}

/** What the kit cannot know about an adapter. */
export interface Harness {
  /** Tells two runs of one adapter apart in the report, such as two ways to settle doubtful sends. */
  variant?: string;
  /** `account` of the channel under test. */
  account: string;
  /** The value of every secret that the settings name. Make them unlike anything else: the kit looks for leaks. */
  secrets: Readonly<Record<string, string>>;
  /** A channel's settings as they stand in its file, with every address of the platform at `origin`. */
  settings(origin: string): Record<string, unknown>;
  /** Which events the platform tells of. */
  verbs: readonly Verb[];
  /** The event as the platform writes it: what `normalise` gets. */
  raw(event: KitEvent): string | Uint8Array;
  /** The object's id as `normalise` gives it, where the platform's own id is only a part of it. */
  objectId?(event: KitEvent): string;
  /** A faithful small copy of the platform's API: serves `state.events`, adds to `state.landed`, knows our keys. */
  platform?(state: PlatformState): Handler;
  /**
   * Instead of `platform`, where the platform does not speak HTTP: a real server that meets every fault in its own
   * protocol. An answer that is none of the harness's `answers` is rubbish there, and goes out as it is.
   */
  stand?(state: PlatformState): Promise<Wire>;
  /** With `publish`, where a reply needs more of the message it answers than its ids: what `normalise` gives. */
  target?: Partial<ReplyTarget>;
  /** Is this the request that publishes (and not an upload, a look-up or a read)? Told from its head: the body may be empty. */
  publishes(request: WireRequest): boolean;
  /** With `receive`. */
  receive?: {
    settings: Record<string, unknown>;
    body(events: readonly KitEvent[]): Uint8Array;
    /** Signs any bytes as the platform does, with code that is not the adapter's. */
    sign(body: Uint8Array, at: Date): Delivery;
    signatureHeaders: readonly string[];
    /** The signature names its time: an old one is refused, or no more than a wake-up. */
    dated?: true;
    /** A body that only says that something changed, where the platform has one. */
    wake?: Uint8Array;
    /** The signature proves who delivers and does not cover the body: whatever it holds may only be a wake-up. */
    unsigned?: true;
    /** Whatever it holds, a delivery is only a wake-up: what happened is read by polling. */
    onlyWakes?: true;
    /** What `verify` asks of the platform, such as its public keys, and the settings that name its address. */
    asks?: { serve: Handler; settings(origin: string): Record<string, unknown> };
    /** With `receive.handshake`: what the platform asks, and the body it expects. */
    handshake?: { ask: Delivery; answer: string };
    /** With `receive.erasure`: a request for deletion, and whose words it is about. */
    erasure?: { ask: Delivery; person: string };
  };
  /** With `poll`: the most items on one page. */
  pageSize?: number;
  /** With `complete`: the event as a delivery brings it that only names its object. */
  bare?(event: KitEvent): string | Uint8Array;
  /** With `media`: a reference, its bytes, and references that must not be followed. */
  media?: { ref: Json; bytes: Uint8Array; stray: readonly Json[] };
  /** What the adapter has kept for this channel before, as one that has worked for a while. Default: nothing. */
  stored?: Readonly<Record<string, Json>>;
  /** With `alert`: an address that the channel reaches. Default: a mail address. */
  alertTo?: string;
  /** With `extract`: a raw item with an attachment inside, and that attachment's bytes. */
  extract?: { raw: string | Uint8Array; bytes: Uint8Array };
  /** With `reach`: somebody who left what it needs. */
  reach?: Author;
  /** How the platform says that a quota is spent, where it has one (`ChannelError.quotaUntil`). */
  spent?: WireAnswer;
  /** With `connect`: the platform's side of the exchange, a channel that signs in there, and a code that is good. */
  connect?: { serve: Handler; settings(origin: string): Record<string, unknown>; code: string };
  /** How the platform says it, where it is not plain HTTP (503, 401, 429 with retry-after 7, 422). Never absent, only different. */
  answers?: Partial<Record<Trouble, WireAnswer>>;
}

export const TROUBLES = {
  unavailable: { status: 503, body: 'Service Unavailable' },
  auth: { status: 401, body: { error: 'unauthorized' } },
  throttled: { status: 429, headers: { 'retry-after': '7' }, body: { error: 'slow down' } },
  refused: { status: 422, body: { error: 'not acceptable' } },
} as const satisfies Record<string, WireAnswer>;
export type Trouble = keyof typeof TROUBLES;

/** How this harness's platform says `trouble`. */
export const answerOf = (harness: Harness, trouble: Trouble): Handler => {
  const answer = harness.answers?.[trouble] ?? TROUBLES[trouble];
  return () => answer;
};

/** A part of the harness that the adapter's keys call for. */
export function needs<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`The adapter has an ability that needs \`${name}\` in its harness`);
  return part;
}

export const objectIdOf = (harness: Harness, event: KitEvent): string => harness.objectId?.(event) ?? event.objectId;
