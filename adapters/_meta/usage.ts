import { fieldsOf, listOf, parseJson } from './json.ts';

export interface Usage {
  /** The fullest of all limits, in percent; 0 when nothing was said. */
  percent: number;
  /** How long until calls are allowed again, in milliseconds; 0: they are. */
  regainMs: number;
}

const FIGURES = ['call_count', 'total_time', 'total_cputime'];
const MINUTE_MS = 60_000;

/** `X-App-Usage` and `X-Business-Use-Case-Usage` (Meta, "Graph API: rate limits"): JSON in a header. Pure. */
export function usageOf(headers: Readonly<Record<string, string>>): Usage {
  const app = headerOf(headers['x-app-usage']);
  const business = Object.values(fieldsOf(headerOf(headers['x-business-use-case-usage']))).flatMap(listOf);
  const all = [app, ...business].map(fieldsOf);
  const figures = all.flatMap((one) => FIGURES.map((name) => Number(one[name]) || 0));
  const minutes = all.map((one) => Number(one.estimated_time_to_regain_access) || 0);
  return { percent: Math.max(0, ...figures), regainMs: Math.max(0, ...minutes) * MINUTE_MS };
}

function headerOf(text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** What is kept of the last usage that was worth noting. */
export interface Noted {
  percent: number;
  /** ISO 8601. */
  at: string;
  regainMs: number;
}

/** A figure is a share of the last hour: after a while it says nothing any more. */
const STALE_MS = 15 * MINUTE_MS;

export type Pace = { go: true; pages: 'all' | 'one' } | { go: false; waitMs: number };

/** 75 %: slower (one page at a time). 90 %: nothing in the background. 100 %: nothing at all until it is allowed again. Pure. */
export function paceOf(noted: Noted | undefined, now: Date, background: boolean): Pace {
  if (!noted) return { go: true, pages: 'all' };
  const age = now.getTime() - Date.parse(noted.at);
  const wait = (noted.percent >= 100 ? noted.regainMs || STALE_MS : STALE_MS) - age;
  if (wait <= 0 || noted.percent < 75) return { go: true, pages: 'all' };
  if (noted.percent >= 100 || (background && noted.percent >= 90)) return { go: false, waitMs: wait };
  return { go: true, pages: 'one' };
}
