import { parentPort, workerData } from 'node:worker_threads';
import type { AnyAdapter, Log, SecretRef } from '#contract';
import { createReader } from '../../flows/reader.ts';
import { adapterSource } from '../../platform/adapterSource.ts';
import { createFileStore } from '../../platform/files.ts';
import { createKeyring } from '../../platform/keyring.ts';
import { transferable } from '../../platform/transfer.ts';
import { openDatabase } from '../../store/database.ts';
import { errorOf, failureOf } from './failure.ts';
import type { Done, News, Order, Start } from './messages.ts';

/** Of this thread: several mailboxes are read at once, and four rotating values at most are changed meanwhile. */
const CONNECTIONS = 8;

const port = parentPort!;
const start = workerData as Start;
const tell = (news: News, transfer: ArrayBuffer[] = []): void => port.postMessage(news, transfer);
const adapterOf = await adapterSource(start.registry);
/** Those that channels needed so far. */
const adapters: Record<string, AnyAdapter> = {};
const { db } = openDatabase(start.databaseUrl, CONNECTIONS);

const tasks = new Map<number, AbortController>();
const questions = new Map<number, PromiseWithResolvers<string>>();
let asked = 0;
/** How far the hub's clock is from the machine's, in milliseconds. */
let clockOffset = 0;

const keyring = createKeyring(start.masterKeys);
const reader = createReader({
  ...{ db, adapters, keyring, config: start.config, files: createFileStore(start.filesDir, keyring) },
  clock: { now: () => new Date(Date.now() + clockOffset) },
  // The hub keeps the values of secrets out of logs and errors, so it is asked, and what is told it goes by it.
  secrets: { get: ask },
  scrub: (text) => text,
  log: logOf(),
});

port.on('message', (order: Order) => {
  if (order === 'close') void close();
  else if ('question' in order) answered(order);
  else if ('abort' in order) tasks.get(order.abort)?.abort();
  else void carryOut(order);
});

async function carryOut(order: Extract<Order, { id: number }>): Promise<void> {
  const { id } = order;
  if ('take' in order) clockOffset = order.take.now - Date.now();
  const stop = new AbortController();
  tasks.set(id, stop);
  try {
    const done = await work(order, stop.signal);
    tell({ id, done }, transferable(bytesOf(done)));
  } catch (error) {
    tell({ id, failure: failureOf(error) });
  } finally {
    tasks.delete(id);
  }
}

async function work(order: Extract<Order, { id: number }>, signal: AbortSignal): Promise<Done> {
  const channelId = 'take' in order ? order.take.channelId : 'watch' in order ? order.watch : undefined;
  if (channelId !== undefined) await load(channelId);
  if ('take' in order) return reader.take(order.take, signal);
  if ('open' in order) return reader.open(order.open);
  if ('keep' in order) return reader.keepFile(order.keep);
  return reader.watch(order.watch, () => tell({ id: order.id, wake: true }), signal) as Promise<undefined>;
}

async function load(channelId: string): Promise<void> {
  const name = start.config.channels.find(({ id }) => id === channelId)?.adapter;
  const adapter = name === undefined ? undefined : await adapterOf(name);
  if (name !== undefined && adapter) adapters[name] = adapter;
}

/** What is large in it goes over without a copy. */
function bytesOf(done: Done): unknown[] {
  if (done instanceof Map) return [...done.values()].map((one) => ('raw' in one ? one.raw : null));
  return done && 'fresh' in done ? done.fresh.map(({ raw }) => raw) : [];
}

function ask(ref: SecretRef): Promise<string> {
  const question = ++asked;
  const open = Promise.withResolvers<string>();
  questions.set(question, open);
  tell({ question, ask: ref });
  return open.promise;
}

function answered(answer: Extract<Order, { question: number }>): void {
  const open = questions.get(answer.question);
  questions.delete(answer.question);
  if ('failure' in answer) open?.reject(errorOf(answer.failure));
  else open?.resolve(answer.secret);
}

function logOf(): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: Record<string, unknown>, message: string) =>
    tell({ log: level, fields, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

async function close(): Promise<void> {
  for (const stop of tasks.values()) stop.abort();
  await db.destroy();
  port.close();
}
