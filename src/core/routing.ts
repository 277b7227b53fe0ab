import type { Surface } from '#contract';

/** What a rule of `hub.yaml` looks at. */
export interface Routable {
  channel: string;
  adapter: string;
  surface: Surface;
  kind: string | null;
  category: string | null;
  text: string;
}

/** A rule as `hub.yaml` holds it: every condition that is given must hold; within one, any value will do. */
export interface RoutingRule {
  when: {
    channel?: string[] | undefined;
    adapter?: string[] | undefined;
    surface?: string[] | undefined;
    kind?: string[] | undefined;
    category?: string[] | undefined;
    words?: string[] | undefined;
  };
}

/** The rules that hold, in their order. Pure. */
export function matchingRules<R extends RoutingRule>(rules: readonly R[], complaint: Routable): R[] {
  return rules.filter((rule) => matches(rule.when, complaint));
}

function matches(when: RoutingRule['when'], complaint: Routable): boolean {
  const among = (allowed: string[] | undefined, value: string | null) =>
    allowed === undefined || (value !== null && allowed.includes(value));
  return (
    among(when.channel, complaint.channel) &&
    among(when.adapter, complaint.adapter) &&
    among(when.surface, complaint.surface) &&
    among(when.kind, complaint.kind) &&
    among(when.category, complaint.category) &&
    (when.words === undefined || when.words.some((word) => holdsWord(complaint.text, word)))
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
