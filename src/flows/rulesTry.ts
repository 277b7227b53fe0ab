import { isPublic } from '#contract';
import { DISMISSAL_LABELS } from '../core/labels.ts';
import { inTransaction } from '../store/database.ts';
import { newestComplaints } from '../store/routing.ts';
import type { Complaint } from '../store/schema.ts';
import type { DeskDeps } from './deps.ts';
import { type Routed, routeAll, ruleName } from './routing.ts';

/** What one rule would do. */
export interface RuleTrial {
  rule: string;
  count: number;
  /** In Indonesian. */
  effect: string;
  /** Of those that it would dismiss: people work on them as complaints. */
  workedOn: number;
  /** The beginnings of some, without those on the sensitive hold. */
  examples: { channel: string; text: string }[];
}

export interface RulesTrial {
  looked: number;
  untouched: number;
  rules: RuleTrial[];
}

const EXAMPLES = 3;
const EXAMPLE_CHARACTERS = 80;

/** What the rules of `hub.yaml` would make of the newest items, had each just come. Changes nothing. */
export async function tryRules(deps: DeskDeps, last: number): Promise<RulesTrial> {
  const { hub } = deps.config;
  const now = await inTransaction(deps.db, async (tx) => {
    const complaints = await newestComplaints(tx, last);
    const routed = await routeAll({ hub, keyring: deps.keyring, dry: true }, tx, complaints.map(asItCame));
    return routed.map((one, at) => ({ ...one, stands: complaints[at]! }));
  });
  const rules = hub.routing.map((rule) => {
    const name = ruleName(hub, rule);
    const hits = now.filter((one) => one.rules.includes(name));
    return { rule: name, count: hits.length, effect: effectOf(rule), ...shown(name, hits) };
  });
  return { looked: now.length, untouched: now.filter((one) => one.rules.length === 0).length, rules };
}

/** Before any rule or person: what is public waits to be judged, all else is a complaint. */
const asItCame = (complaint: Complaint): Complaint => ({
  ...complaint,
  state: isPublic(complaint.surface) ? 'new' : 'received',
});

const NOT_WORKED_ON: ReadonlySet<Complaint['state']> = new Set(['new', 'not_complaint']);

function shown(name: string, hits: readonly (Routed & { stands: Complaint })[]) {
  const dismissed = hits.filter(({ changes }) => changes.dismissed_rule === name);
  const open = hits.filter(({ complaint, changes }) => !complaint.sensitive && !changes.sensitive);
  return {
    workedOn: dismissed.filter(({ stands }) => !NOT_WORKED_ON.has(stands.state)).length,
    examples: open.slice(0, EXAMPLES).map(({ complaint }) => ({
      channel: complaint.channel_id,
      text: complaint.body.replace(/\s+/g, ' ').trim().slice(0, EXAMPLE_CHARACTERS),
    })),
  };
}

type Effect = DeskDeps['config']['hub']['routing'][number]['then'];

function effectOf({ then }: { then: Effect }): string {
  const place = then.agency && [then.agency, then.unit].filter(Boolean).join('/');
  return [
    then.sensitive && 'sensitif',
    then.dismiss && `bukan aduan (${DISMISSAL_LABELS[then.dismiss].toLowerCase()})`,
    then.accept && 'menjadi aduan',
    place && `ke ${place}`,
    then.kind && `jenis ${then.kind}`,
    then.category && `kategori ${then.category}`,
  ]
    .filter(Boolean)
    .join(', ');
}
