import type { ChannelContext } from './context.ts';
import type { Json } from './item.ts';

/** One question of `kanal channel add`. All words are for those who keep the channels, in plain Indonesian. */
export interface Question {
  /** The answer's name: the setting it becomes, unless `settings` puts it elsewhere. */
  key: string;
  ask: string;
  /** Where the answer is found. */
  hint?: string;
  /** An answer as it may look. For a secret only its name is ever written: it is asked without an echo and stored encrypted. */
  example: string;
  secret?: true;
  /** An empty answer is allowed, and then the setting is left out. */
  optional?: true;
}

/** One way to begin a channel with this adapter. An adapter may have several: a mailbox with a password, one at Google. */
export interface Setup {
  /** Names it on the command line: `gmail`. */
  kind: string;
  /** `Halaman Facebook`. */
  label: string;
  account: Omit<Question, 'key' | 'secret' | 'optional'>;
  /** At most three. */
  questions: readonly Question[];
  /** The settings of the file. Without it the answers are the settings. Secrets come as `${NAME}`. Pure. */
  settings?(answers: Readonly<Record<string, string>>): Record<string, Json>;
  /** What is to be done after it, such as where a token comes from. */
  next: string;
}

/** What goes into the address of the consent screen. */
export interface ConsentAsk {
  redirectUri: string;
  /** Comes back with the answer: it shows that the answer is to our question. */
  state: string;
  /** S256 of the verifier (RFC 7636). */
  challenge: string;
}

export interface ConsentCode {
  code: string;
  /** The same as in the address. */
  redirectUri: string;
  verifier: string;
}

export interface Connected {
  /** Kept encrypted for the channel, under `CONNECTION_KEY`. Whatever was there goes. */
  tokens: Json;
  /** What was granted. */
  scopes: readonly string[];
  /** When somebody has to connect again at the latest, where that is known. */
  expiresAt?: Date;
  /** Whose account it is. `id`: as `account` in the channel's file names it; another one is not taken. */
  account?: { id?: string; name?: string };
}

export interface Scope {
  name: string;
  /** What does not work without it, in plain Indonesian. */
  without: string;
}

/** Signing in at the platform's own consent screen (OAuth 2.0, authorization code). */
export interface Connect<S> {
  /** Why this channel has no consent screen, in Indonesian; `null`: it has one. Absent: every channel of the adapter has. Pure. */
  unable?(settings: S): string | null;
  /** The name of this machine that the platform sends a browser back to; `false`: only to an https address. */
  loopback: '127.0.0.1' | 'localhost' | false;
  /** Does the platform check a verifier (RFC 7636)? */
  pkce: boolean;
  scopes(settings: S): readonly Scope[];
  /** The address that an administrator opens. Holds no secret. Pure. */
  authorize(settings: S, ask: ConsentAsk): string;
  /** The code for tokens, once: a code is good for one request. Throws as a read does; `auth` says what to mend. */
  exchange(code: ConsentCode, ctx: ChannelContext<S>): Promise<Connected>;
}

/** Where what `connect` brought is kept in `ctx.store`. It goes before any token that the channel's file names. */
export const CONNECTION_KEY = 'oauth';
