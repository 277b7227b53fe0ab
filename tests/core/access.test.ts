import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ABILITIES,
  type Actor,
  areas,
  can,
  canHub,
  channelAgencies,
  type Grant,
  holdsRole,
} from '../../src/core/access.ts';
import { ROLES } from '../../src/core/roles.ts';

const actor = (grants: Partial<Grant>[], keyScope: Partial<Actor['keyScope']> = {}): Actor => ({
  userId: 'me',
  name: 'Siti',
  grants: grants.map((grant) => ({ role: 'central_admin', agencyId: null, unitId: null, ...grant })),
  keyScope: { agencyId: null, unitId: null, ...keyScope },
});
const place = (agencyId: string | null, unitId: string | null = null, sensitiveBy: string | null = null) => ({
  ...{ agencyId, unitId, sensitive: sensitiveBy !== null, sensitiveBy },
});

describe('complaints', () => {
  it.each(['system_admin', 'central_admin', 'intake_officer'] as const)('%s without an agency works on all', (role) => {
    expect(can(actor([{ role }]), 'judge', place('dpupr'))).toBe(true);
    expect(can(actor([{ role }]), 'judge', place(null))).toBe(true);
  });

  it('keeps agency roles in their agency, and in their unit', () => {
    const agency = actor([{ role: 'agency_admin', agencyId: 'dpupr' }]);
    expect(can(agency, 'read', place('dpupr', 'jalan'))).toBe(true);
    expect(can(agency, 'read', place('dukcapil'))).toBe(false);
    expect(can(agency, 'read', place(null))).toBe(false);
    const unit = actor([{ role: 'unit_staff', agencyId: 'dpupr', unitId: 'jalan' }]);
    expect(can(unit, 'read', place('dpupr', 'jalan'))).toBe(true);
    expect(can(unit, 'read', place('dpupr', 'air'))).toBe(false);
    expect(can(unit, 'read', place('dpupr'))).toBe(false);
  });

  it('gives an agency role without an agency nothing', () => {
    expect(areas(actor([{ role: 'agency_admin' }]), 'read')).toEqual([]);
  });

  it('lets the auditor read everything and change nothing', () => {
    const auditor = actor([{ role: 'auditor' }]);
    expect(can(auditor, 'read', place('dpupr', null, 'somebody'))).toBe(true);
    for (const ability of ABILITIES.filter((one) => !['read', 'contact'].includes(one)))
      expect(can(auditor, ability, place('dpupr'))).toBe(false);
  });

  it.each(['channel_admin', 'privacy_officer'] as const)('%s sees no complaint', (role) => {
    for (const ability of ABILITIES) expect(can(actor([{ role }]), ability, place('dpupr'))).toBe(false);
  });

  it('shows what is on hold to its marker and to auditors only', () => {
    const admin = actor([{ role: 'central_admin' }]);
    expect(can(admin, 'read', place('dpupr', null, 'me'))).toBe(true);
    expect(can(admin, 'read', place('dpupr', null, 'somebody'))).toBe(false);
    expect(can(actor([{ role: 'system_admin' }]), 'read', place('dpupr', null, 'somebody'))).toBe(false);
  });

  it('keeps contacts from whoever only keeps the hub running', () => {
    expect(can(actor([{ role: 'system_admin' }]), 'contact', place('dpupr'))).toBe(false);
    expect(can(actor([{ role: 'central_admin' }]), 'contact', place('dpupr'))).toBe(true);
  });
});

describe('keys', () => {
  const grant = fc.record({
    role: fc.constantFrom(...ROLES),
    agencyId: fc.constantFrom(null, 'a', 'b'),
    unitId: fc.constantFrom(null, 'x', 'y'),
  });
  const anyPlace = fc.record({
    agencyId: fc.constantFrom(null, 'a', 'b'),
    unitId: fc.constantFrom(null, 'x', 'y'),
    sensitive: fc.boolean(),
    sensitiveBy: fc.constantFrom(null, 'me', 'somebody'),
  });
  const scope = fc.record({ agencyId: fc.constantFrom(null, 'a', 'b'), unitId: fc.constantFrom(null, 'x', 'y') });

  it('never see more than their user, nor beyond their own bounds', () => {
    fc.assert(
      fc.property(
        fc.array(grant, { maxLength: 3 }),
        scope,
        anyPlace,
        fc.constantFrom(...ABILITIES),
        (grants, key, at, ability) => {
          const whole = actor(grants);
          const narrowed = actor(grants, key);
          if (!can(narrowed, ability, at)) return;
          expect(can(whole, ability, at)).toBe(true);
          if (key.agencyId !== null) expect(at.agencyId).toBe(key.agencyId);
          if (key.unitId !== null) expect(at.unitId).toBe(key.unitId);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('bound to an agency cannot operate what is shared', () => {
    const admin = actor([{ role: 'system_admin' }], { agencyId: 'dpupr' });
    expect(canHub(admin, 'operate')).toBe(false);
    expect(canHub(admin, 'trail')).toBe(false);
    expect(canHub(admin, 'channels')).toBe(true);
    expect(channelAgencies(admin)).toEqual(['dpupr']);
  });
});

describe('the hub', () => {
  it('gives raw deliveries to administrators only', () => {
    const able = ROLES.filter((role) => canHub(actor([{ role }]), 'raw'));
    expect(able).toEqual(['system_admin', 'central_admin']);
  });

  it('lets channel keepers operate channels, and see which of all', () => {
    const keeper = actor([{ role: 'channel_admin' }]);
    expect(canHub(keeper, 'operate')).toBe(true);
    expect(channelAgencies(keeper)).toBeNull();
    expect(canHub(actor([{ role: 'channel_admin', agencyId: 'dpupr' }]), 'operate')).toBe(false);
  });

  it('shows an anonymous reporter to the privacy officer only', () => {
    expect(ROLES.filter((role) => canHub(actor([{ role }]), 'anonymous'))).toEqual(['privacy_officer']);
  });
});

it('finds approvers by role, agency and unit', () => {
  const head = actor([
    { role: 'agency_head', agencyId: 'dpupr' },
    { role: 'unit_staff', agencyId: 'dukcapil' },
  ]);
  expect(holdsRole(head, ['agency_head'], place('dpupr'))).toBe(true);
  expect(holdsRole(head, ['agency_head'], place('dukcapil'))).toBe(false);
  expect(holdsRole(head, ['liaison_officer'], place('dpupr'))).toBe(false);
});
