import { isPublic, type Surface } from '#contract';
import { hasShape, type Shape } from './shapes.ts';

/** What is no complaint: praise, advertising, somebody trying it out, or a post of our own. */
export const DISMISSALS = ['praise', 'spam', 'test', 'own'] as const;
export type Dismissal = (typeof DISMISSALS)[number];

/** The same text, so many times within a span (milliseconds), the complaint itself included. */
export interface Repeated {
  times: number;
  within: number;
  by: 'author' | 'anyone';
}

/** What a rule of `hub.yaml` looks at. */
export interface Routable {
  channel: string;
  adapter: string;
  surface: Surface;
  kind: string | null;
  category: string | null;
  text: string;
  rating: number | null;
  /** Something is attached: then the text alone does not say what it is about. */
  files: boolean;
  /** Its author is one of `ownAccounts`. */
  own: boolean;
  repeated(asked: Repeated): boolean;
}

/** A rule as `hub.yaml` holds it: every condition that is given must hold; within one, any value will do. */
export interface RoutingRule {
  when: {
    channel?: string[] | undefined;
    adapter?: string[] | undefined;
    surface?: Surface[] | undefined;
    kind?: string[] | undefined;
    category?: string[] | undefined;
    words?: string[] | undefined;
    withoutWords?: string[] | undefined;
    rating?: number[] | undefined;
    only?: Shape[] | undefined;
    shorterThan?: number | undefined;
    repeated?: Repeated | undefined;
    ownAccount?: true | undefined;
  };
}

/** The rules that hold, in their order. Pure. */
export function matchingRules<R extends RoutingRule>(rules: readonly R[], complaint: Routable): R[] {
  return rules.filter((rule) => matches(rule.when, complaint));
}

function matches(when: RoutingRule['when'], complaint: Routable): boolean {
  const among = <T>(allowed: readonly T[] | undefined, value: T | null) =>
    allowed === undefined || (value !== null && allowed.includes(value));
  return (
    among(when.channel, complaint.channel) &&
    among(when.adapter, complaint.adapter) &&
    among(when.surface, complaint.surface) &&
    among(when.kind, complaint.kind) &&
    among(when.category, complaint.category) &&
    among(when.rating, complaint.rating) &&
    (when.ownAccount === undefined || complaint.own) &&
    saysSo(when, complaint) &&
    (when.repeated === undefined || complaint.repeated(when.repeated))
  );
}

/** A photograph of a broken road may come with nothing but an emoji: shape and length say nothing beside files. */
function saysSo({ words, withoutWords, only, shorterThan }: RoutingRule['when'], { text, files }: Routable): boolean {
  const bySize = only !== undefined || shorterThan !== undefined;
  return (
    (words === undefined || words.some((word) => holdsWord(text, word))) &&
    !withoutWords?.some((word) => holdsWord(text, word)) &&
    !(bySize && files) &&
    (only === undefined || only.some((shape) => hasShape(text, shape))) &&
    (shorterThan === undefined || text.trim().length < shorterThan)
  );
}

/** Whole words, whatever the case: `pungli` is not in `pungliman`. */
function holdsWord(text: string, word: string): boolean {
  const lower = text.toLowerCase();
  const sought = word.toLowerCase();
  for (let at = lower.indexOf(sought); at !== -1; at = lower.indexOf(sought, at + 1)) {
    const before = lower.slice(0, at).at(-1) ?? ' ';
    const after = lower.charAt(at + sought.length) || ' ';
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

/** What may not be dismissed by rules, whatever they say. */
export interface Dismissable {
  surface: Surface;
  rating: number | null;
  /** This complaint, or one of the rules that match it. */
  sensitive: boolean;
  /** A person has decided about it before. */
  judged: boolean;
}

/**
 * May this rule say that it is no complaint? What somebody sent to the office alone only where the rule names that
 * surface; never what is sensitive, nor against a person's decision; and one or two stars are no praise.
 */
export function mayDismiss(
  { when: { surface }, then: { dismiss } }: RoutingRule & { then: { dismiss?: Dismissal | undefined } },
  about: Dismissable,
): boolean {
  if (dismiss === undefined || about.sensitive || about.judged) return false;
  if (dismiss === 'praise' && about.rating !== null && about.rating <= 2) return false;
  return isPublic(about.surface) || (surface?.includes(about.surface) ?? false);
}
