import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { buildApi } from '../../src/api/app.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import type { Actor, Grant } from '../../src/core/access.ts';
import { createKey } from '../../src/flows/desk/users.ts';
import { createFileStore } from '../../src/platform/files.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { keyring, seedUser } from '../helpers/register.ts';

export interface TestApi extends TestDatabase {
  desk: TestDesk;
  deps: ApiDeps;
  app: FastifyInstance;
  /** A user with these roles, and a key of theirs. */
  login(grants: Partial<Grant>[], scope?: Partial<Actor['keyScope']>): Promise<Login>;
}

export interface Login {
  actor: Actor;
  keyId: string;
  key: string;
  get(url: string): Promise<Answer>;
  post(url: string, body?: unknown): Promise<Answer>;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  text: string;
  headers: Record<string, unknown>;
}

/** The API on a database of its own. */
export async function testApi(more: Partial<ApiDeps> = {}): Promise<TestApi> {
  const database = await testDatabase();
  const dir = await mkdtemp(join(tmpdir(), 'kanal-files-'));
  const desk = testDesk(database.db);
  const deps: ApiDeps = {
    ...desk,
    secrets: { get: async () => 'rahasia' },
    scrub: (text) => text,
    pool: database.pool,
    files: createFileStore(dir, keyring),
    publicUrl: 'http://127.0.0.1:3000',
    readiness: async () => ({ ready: true, checks: { database: 'ok' } }),
    hooks: { receive: async () => ({ status: 404 }), handshake: async () => ({ status: 404 }) },
    ...more,
  };
  const app = buildApi(deps);
  await app.ready();
  const close = async () => {
    await app.close();
    await database.close();
    await rm(dir, { recursive: true, force: true });
  };
  const login: TestApi['login'] = async (grants, scope = {}) => {
    const actor = await seedUser(database.db, ...grants);
    const order = {
      userId: actor.userId,
      label: 'test',
      agencyId: scope.agencyId ?? null,
      unitId: scope.unitId ?? null,
    };
    const { id, key } = await createKey(desk, order);
    return { actor, keyId: id, key, ...client(app, key) };
  };
  return { ...database, desk, deps, app, close, login };
}

function client(app: FastifyInstance, key: string): Pick<Login, 'get' | 'post'> {
  const send = async (options: InjectOptions): Promise<Answer> => {
    const response = await app.inject({ ...options, headers: { authorization: `Bearer ${key}` } });
    const json = /json/.test(String(response.headers['content-type']));
    const body = json ? response.json() : {};
    return { status: response.statusCode, body, text: response.body, headers: response.headers };
  };
  return {
    get: (url) => send({ method: 'GET', url }),
    post: (url, payload) =>
      send({ method: 'POST', url, ...(payload === undefined ? {} : { payload: payload as object }) }),
  };
}
