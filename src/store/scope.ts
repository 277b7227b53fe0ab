import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Actor, type Area, areas } from '../core/access.ts';

const NOTHING = sql<SqlBool>`false`;

/**
 * The where-clause of everything that is read for a person: which complaints they may see. It says the same as `can` of
 * core/access.ts. `table` is the alias of the complaint table in the query. A single agency stands as plain equality, so
 * that the indexes that begin with agency_id are used.
 */
export function visibleTo(actor: Actor, table = 'complaint'): RawBuilder<SqlBool> {
  const reading = areas(actor, 'read');
  const held = reading.filter((area) => area.held);
  const ordinary = reading.filter((area) => !area.held);
  if (held.length === 0) return both(within(ordinary, table), notOnHold(actor, table));
  if (ordinary.length === 0) return within(held, table);
  return sql`(${both(within(ordinary, table), notOnHold(actor, table))} or ${within(held, table)})`;
}

const column = (table: string, name: string) => sql.ref(`${table}.${name}`);

const notOnHold = (actor: Actor, table: string): RawBuilder<SqlBool> =>
  sql`(not ${column(table, 'sensitive')} or ${column(table, 'sensitive_by')} = ${actor.userId})`;

const both = (a: RawBuilder<SqlBool>, b: RawBuilder<SqlBool>): RawBuilder<SqlBool> => sql`(${a} and ${b})`;

function within(places: readonly Area[], table: string): RawBuilder<SqlBool> {
  if (places.length === 0) return NOTHING;
  if (places.some((area) => area.agencyId === null && area.unitId === null)) return sql<SqlBool>`true`;
  const whole = [...new Set(places.flatMap((area) => (area.unitId === null ? (area.agencyId ?? []) : [])))];
  const units = places.filter((area) => area.unitId !== null && !(area.agencyId && whole.includes(area.agencyId)));
  const parts = units.map((area) => unitOf(area, table));
  if (whole.length > 0) parts.unshift(sql`${column(table, 'agency_id')} in (${sql.join(whole)})`);
  return sql`(${sql.join(parts, sql` or `)})`;
}

function unitOf({ agencyId, unitId }: Area, table: string): RawBuilder<SqlBool> {
  const unit = sql<SqlBool>`${column(table, 'unit_id')} = ${unitId}`;
  return agencyId === null ? unit : both(sql`${column(table, 'agency_id')} = ${agencyId}`, unit);
}
