import type { NoticeKind } from '#contract';
import type { ChannelDraft, NewChannel, Offer } from '../config/newChannel.ts';
import type { Grant } from '../core/access.ts';
import type { ChatResult } from '../flows/desk/imports/chat.ts';
import type { TableResult } from '../flows/desk/imports/table.ts';
import type { RulesTrial } from '../flows/rulesTry.ts';

export type { RulesTrial } from '../flows/rulesTry.ts';

export interface NewUser {
  login: string;
  name: string;
  grants: Grant[];
}

export interface NewKey {
  /** Of the user who gets it. */
  login: string;
  label: string;
  /** Narrows what the key may see. */
  agency: string | null;
  unit: string | null;
}

export interface ChannelLine {
  id: string;
  label: string;
  adapter: string;
  /** Its health, in Indonesian. */
  health: string;
  /** What an operator should know, such as why it does not run. */
  detail?: string;
}

export interface Replayed {
  deliveries: number;
  items: number;
}

export interface Audit {
  /** How many events were looked at. */
  events: number;
  /** What does not fit, in Indonesian; empty when the trail is whole. */
  breaks: string[];
}

/** How a command speaks with the person at the terminal. */
export interface Talk {
  say(text: string): void;
  /** One line. */
  ask(prompt: string): Promise<string>;
}

export interface ConnectOptions {
  /** The answer is pasted, for a server without a browser. */
  paste: boolean;
  /** Where the platform sends the browser, when that is an address of its own. */
  redirect?: string;
  /** Where to listen on this machine. */
  port: number;
  /** How long, in milliseconds. */
  timeout: number;
}

export interface Connected {
  account?: string;
  scopes: readonly string[];
  missing: readonly { name: string; without: string }[];
  expiresAt?: Date;
}

export interface ChatOptions {
  ours: string;
  contact?: string;
  group: boolean;
  dry: boolean;
}

/** What the commands do. The composition root brings it; each throws an Error whose message is for the operator. */
export interface Commands {
  /** These four resolve when the process was asked to stop, and everything has stopped. */
  serve(): Promise<void>;
  api(): Promise<void>;
  worker(): Promise<void>;
  demo(): Promise<void>;
  /** The names of the migrations that were applied. */
  migrate(): Promise<string[]>;
  /** Prints what it finds. Is everything right? */
  check(options: { live: boolean; diff: boolean }): Promise<boolean>;
  setSecret(name: string, value: string): Promise<void>;
  addUser(user: NewUser): Promise<void>;
  /** Where somebody is told of work; `phone` null ends it. */
  setNotices(login: string, choice: { phone: string | null; kinds: NoticeKind[] }): Promise<void>;
  /** The key itself. It is shown once. */
  addKey(key: NewKey): Promise<string>;
  listChannels(): Promise<ChannelLine[]>;
  /** Prints what these files, answers of the platform, would become. Is everything readable? */
  tryChannel(id: string, files: readonly string[]): Promise<boolean>;
  /** What the rules would make of the newest items. Changes nothing. */
  tryRules(last: number): Promise<RulesTrial>;
  /** Takes in the rows of a CSV or Excel file. */
  importFile(id: string, file: string, options: { dry: boolean }): Promise<TableResult>;
  /** Takes in an exported WhatsApp chat; `ours` is the participant that is the office. */
  importChat(id: string, file: string, options: ChatOptions): Promise<ChatResult>;
  /** The faulty rows, to be mended. The name of the file that was written. */
  writeMend(file: string, csv: string): Promise<string>;
  pollChannel(id: string): Promise<void>;
  pauseChannel(id: string): Promise<void>;
  resumeChannel(id: string): Promise<void>;
  replayChannel(id: string, range: { from: Date; to: Date }): Promise<Replayed>;
  /** Kinds of channels that can be added, and the district's agencies. */
  channelOffers(): Promise<{ offers: Offer[]; agencies: { id: string; name: string }[] }>;
  isChannelTaken(id: string): Promise<boolean>;
  /** The file as it would be, checked. Nothing is written. */
  draftChannel(order: NewChannel): Promise<ChannelDraft & { connects: boolean }>;
  /** Stores the secrets, by name, and writes the file. */
  saveChannel(draft: ChannelDraft, secrets: Readonly<Record<string, string>>): Promise<void>;
  connectChannel(id: string, options: ConnectOptions, talk: Talk): Promise<Connected>;
  /** Asks the channel's platform whether it works. Null: nobody can be asked. Throws what is wrong. */
  probeChannel(id: string): Promise<{ detail: string; warnings: readonly string[] } | null>;
  /** The files that were written. */
  writeSchemas(folder: string): Promise<string[]>;
  verifyAudit(): Promise<Audit>;
}
