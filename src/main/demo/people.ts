import type { Actor, Grant } from '../../core/access.ts';
import type { DeskDeps } from '../../flows/deps.ts';
import { actorOfKey, createKey, createUser, grantRole } from '../../flows/desk/users.ts';
import { findUserByLogin } from '../../store/users.ts';

interface Person {
  login: string;
  name: string;
  grants: Grant[];
}

export interface Keyholder {
  key: string;
  actor: Actor;
}

const districtWide = { agencyId: null, unitId: null };

/** At the desk: takes in, answers, and sees what the hub itself does. */
const OFFICER: Person = {
  login: 'petugas',
  name: 'Petugas Aduan',
  grants: [
    { role: 'intake_officer', ...districtWide },
    { role: 'central_admin', ...districtWide },
  ],
};
/** The second person: approves the answers of the one agency that asks for it. */
const HEAD: Person = {
  login: 'kepala-dinas-pupr',
  name: 'Kepala Dinas PUPR',
  grants: [{ role: 'agency_head', agencyId: 'dinas-pupr', unitId: null }],
};

/** Keys of earlier starts are used again while they are valid. */
export interface KnownKeys {
  apiKey?: string | undefined;
  approverKey?: string | undefined;
}

export async function createPeople(
  deps: DeskDeps,
  known: KnownKeys,
): Promise<{ officer: Keyholder; approver: Keyholder }> {
  return {
    officer: await keyFor(deps, OFFICER, known.apiKey),
    approver: await keyFor(deps, HEAD, known.approverKey),
  };
}

async function keyFor(deps: DeskDeps, person: Person, known: string | undefined): Promise<Keyholder> {
  const userId = await ensureUser(deps, person);
  const key = known && (await actorOfKey(deps, known))?.actor.userId === userId ? known : await newKey(deps, userId);
  const holder = await actorOfKey(deps, key);
  if (!holder)
    throw new Error(`kunci API untuk ${person.login} tidak dapat dipakai; hapus folder data/demo lalu ulangi`);
  return { key, actor: holder.actor };
}

async function ensureUser(deps: DeskDeps, { login, name, grants }: Person): Promise<string> {
  const found = await findUserByLogin(deps.db, login);
  const id = found?.id ?? (await createUser(deps, { login, name }));
  const missing = grants.filter((grant) => !found?.grants.some((has) => has.role === grant.role));
  for (const grant of missing) await grantRole(deps, id, grant);
  return id;
}

const newKey = async (deps: DeskDeps, userId: string): Promise<string> =>
  (await createKey(deps, { userId, label: 'demo' })).key;
