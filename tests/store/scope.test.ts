import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Actor, can } from '../../src/core/access.ts';
import { ROLES } from '../../src/core/roles.ts';
import { newId } from '../../src/store/database.ts';
import { visibleTo } from '../../src/store/scope.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { seedComplaint } from '../helpers/register.ts';

const ME = newId();
const SOMEBODY = newId();
const AGENCIES = [null, 'a', 'b'];
const UNITS = [null, 'x', 'y'];
const MARKERS = [null, ME, SOMEBODY];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  for (const agency_id of AGENCIES)
    for (const unit_id of UNITS)
      for (const sensitive_by of MARKERS)
        await seedComplaint(database.db, { agency_id, unit_id, sensitive_by, sensitive: sensitive_by !== null });
});
afterAll(() => database.close());

const grant = fc.record({
  role: fc.constantFrom(...ROLES),
  agencyId: fc.constantFrom(...AGENCIES),
  unitId: fc.constantFrom(...UNITS),
});
const keyScope = fc.record({ agencyId: fc.constantFrom(...AGENCIES), unitId: fc.constantFrom(...UNITS) });

it('the where-clause and `can` say the same for every actor', async () => {
  const all = await database.db
    .selectFrom('complaint')
    .select(['id', 'agency_id', 'unit_id', 'sensitive', 'sensitive_by'])
    .execute();
  await fc.assert(
    fc.asyncProperty(fc.array(grant, { maxLength: 4 }), keyScope, async (grants, scope) => {
      const actor: Actor = { userId: ME, name: 'Siti', grants, keyScope: scope };
      const rows = await database.db.selectFrom('complaint').select('id').where(visibleTo(actor)).execute();
      const expected = all.filter((row) =>
        can(actor, 'read', {
          ...{ agencyId: row.agency_id, unitId: row.unit_id },
          ...{ sensitive: row.sensitive, sensitiveBy: row.sensitive_by },
        }),
      );
      expect(rows.map((row) => row.id).sort()).toEqual(expected.map((row) => row.id).sort());
    }),
    { numRuns: 400 },
  );
});
