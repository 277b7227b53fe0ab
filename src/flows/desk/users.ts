import { randomBytes } from 'node:crypto';
import type { NoticeKind } from '#contract';
import type { Actor, Grant } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { sha256 } from '../../core/sealed.ts';
import { type Db, newId, type Tx } from '../../store/database.ts';
import { appendEvents } from '../../store/events.ts';
import { holderOfKey, insertKey, revokeKey as markRevoked, touchKey } from '../../store/keys.ts';
import { setChoices } from '../../store/staff.ts';
import { findUserById, insertGrant, insertUser, setDisabled } from '../../store/users.ts';
import type { DeskDeps } from '../deps.ts';
import { PHONE } from '../staffNotices.ts';
import { mustExist } from './assign.ts';
import { notFound } from './desk.ts';

/** Who does it: `hub` for the command line, `user:<id>` for a person. */
type By = string;

/** A new user without any role. Refuses `login_taken`. Returns the id. */
export async function createUser(
  deps: DeskDeps,
  user: { login: string; name: string },
  by: By = 'hub',
): Promise<string> {
  const id = newId();
  return deps.db.transaction().execute(async (tx) => {
    if (!(await insertUser(tx, { id, ...user })))
      throw new Refusal('login_taken', `the login "${user.login}" is taken; choose another one`);
    await write(deps, tx, by, 'user.created', { userId: id });
    return id;
  });
}

/** Gives a role, for everything, an agency or a unit. Giving it twice changes nothing. */
export async function grantRole(deps: DeskDeps, userId: string, grant: Grant, by: By = 'hub'): Promise<void> {
  mustExist(deps, grant.agencyId, grant.unitId);
  await deps.db.transaction().execute(async (tx) => {
    await mustBeUser(tx, userId);
    await insertGrant(tx, userId, grant);
    await write(deps, tx, by, 'role.granted', { userId, ...grant });
  });
}

/** Where a user is told of work, and of what; without a number they are told nothing. */
export async function setNotices(
  deps: DeskDeps,
  userId: string,
  { phone, kinds }: { phone: string | null; kinds: readonly NoticeKind[] },
  by: By = 'hub',
): Promise<void> {
  const sealed = phone === null ? null : deps.keyring.encrypt(Buffer.from(phone), PHONE);
  await deps.db.transaction().execute(async (tx) => {
    await mustBeUser(tx, userId);
    await setChoices(tx, userId, { phone: sealed, kinds: phone === null ? [] : kinds });
    await write(deps, tx, by, 'user.notices', { userId, kinds: kinds.join(',') });
  });
}

/** A disabled user's keys are refused at once; enabling brings them back. */
export async function setUserDisabled(
  deps: DeskDeps,
  userId: string,
  disabled: boolean,
  by: By = 'hub',
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    await mustBeUser(tx, userId);
    await setDisabled(tx, userId, disabled ? deps.clock.now() : null);
    await write(deps, tx, by, disabled ? 'user.disabled' : 'user.enabled', { userId });
  });
}

export interface KeyOrder {
  userId: string;
  label: string;
  /** Narrows what the key sees, below what its user sees. */
  agencyId?: string | null;
  unitId?: string | null;
}

/** The key itself is shown this once; only its hash is stored. */
export async function createKey(deps: DeskDeps, order: KeyOrder, by: By = 'hub'): Promise<{ id: string; key: string }> {
  const { userId, label, agencyId = null, unitId = null } = order;
  mustExist(deps, agencyId, unitId);
  const id = newId();
  const key = `ka_${randomBytes(32).toString('base64url')}`;
  await deps.db.transaction().execute(async (tx) => {
    await mustBeUser(tx, userId);
    await insertKey(tx, { id, userId, label, hash: sha256(key), agencyId, unitId });
    await write(deps, tx, by, 'key.created', { keyId: id, userId, agencyId, unitId });
  });
  return { id, key };
}

/** The key is refused from now on. */
export async function revokeKey(deps: DeskDeps, keyId: string, by: By = 'hub'): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    if (!(await markRevoked(tx, keyId, deps.clock.now()))) notFound('key in use', keyId);
    await write(deps, tx, by, 'key.revoked', { keyId });
  });
}

const KEY = /^ka_[A-Za-z0-9_-]{43}$/;
const TOUCH_EVERY_MS = 60_000;

/** Who comes with this key; undefined when it opens nothing. `last_used_at` moves at most once a minute. */
export async function actorOfKey(
  deps: Pick<DeskDeps, 'db' | 'clock'>,
  key: string,
): Promise<{ actor: Actor; keyId: string } | undefined> {
  if (!KEY.test(key)) return undefined;
  const holder = await holderOfKey(deps.db, sha256(key));
  if (!holder) return undefined;
  const now = deps.clock.now();
  const due = !holder.lastUsedAt || now.getTime() - holder.lastUsedAt.getTime() >= TOUCH_EVERY_MS;
  if (due) await touchKey(deps.db, holder.keyId, now);
  return { actor: holder.actor, keyId: holder.keyId };
}

async function mustBeUser(db: Db, userId: string): Promise<void> {
  if (!(await findUserById(db, userId))) throw new Refusal('unknown_user', `there is no user ${userId}`);
}

async function write(deps: DeskDeps, tx: Tx, actor: By, type: string, data: { [key: string]: string | null }) {
  await appendEvents(tx, [{ complaintId: null, actor, type, data }], deps.clock.now());
}
