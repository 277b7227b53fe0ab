import type { Expression, JsonataError } from 'jsonata';

/**
 * Expressions of a mapping, in JSONata. A name, or names with dots between them, is read without the library: that is
 * most of them, and so a hub whose mappings are plain never loads it.
 */
const PLAIN = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

/** Evaluating one expression may take so many steps, go so deep, and make lists so long. */
const MOST_STEPS = 200_000;
const LIMITS = { depth: 400, sequence: 20_000 };
const MOST_KEPT = 2_000;

interface Compiled {
  expression: Expression;
  /** Steps that are left. */
  budget: { left: number };
}

const compiled = new Map<string, Promise<Compiled>>();

/** Compiled once; the text is its name. */
function compile(text: string): Promise<Compiled> {
  const known = compiled.get(text);
  if (known) return known;
  if (compiled.size >= MOST_KEPT) compiled.clear();
  const made = compileNow(text);
  compiled.set(text, made);
  return made;
}

async function compileNow(text: string): Promise<Compiled> {
  const { default: jsonata } = await import('jsonata');
  const budget = { left: MOST_STEPS };
  // The library asks for the permitted depth before each step. Counting here limits the steps without any clock.
  const options = {
    sequence: LIMITS.sequence,
    get stack() {
      budget.left -= 1;
      if (budget.left < 0) throw new StepsSpent();
      return LIMITS.depth;
    },
  };
  return { expression: jsonata(text, options), budget };
}

class StepsSpent extends Error {
  override readonly name = 'StepsSpent';
}

/** Of what an expression is evaluated: its root, and what `$name` gives. `at`: what `$now()` gives. */
export interface Scope {
  root: unknown;
  named: Readonly<Record<string, unknown>>;
  at: Date;
}

/** What an expression gives; `undefined` for nothing. Throws an Error that says why it could not be evaluated, without content. */
export async function evaluate(text: string, scope: Scope): Promise<unknown> {
  const plain = PLAIN.test(text) ? walk(scope.root, text.split('.')) : LIST;
  if (plain !== LIST) return plain;
  const { expression, budget } = await compile(text);
  budget.left = MOST_STEPS;
  try {
    const work = standingStill(scope.at, () => expression.evaluate(scope.root, { ...scope.named }));
    return copied(await work);
  } catch (error) {
    throw new Error(`ekspresi ${quoted(text)} gagal: ${reasonOf(error)}`);
  }
}

const LIST = Symbol('a list stands on the way');

/** Where a list stands on the way, the library's rules count. */
function walk(root: unknown, steps: readonly string[]): unknown {
  let value = root;
  for (const step of steps) {
    if (Array.isArray(value)) return LIST;
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
  }
  return value ?? undefined;
}

/**
 * JSONata asks for the time when it begins, at once. What it makes of an item must not depend on when that is read, so
 * it is given the time at which the item reached us.
 */
function standingStill<T>(at: Date, work: () => T): T {
  const clock = globalThis.Date;
  globalThis.Date = new Proxy(clock, {
    construct: (target, given, made) =>
      Reflect.construct(target, given.length ? given : [at.getTime()], made) as object,
    get: (target, name) => (name === 'now' ? () => at.getTime() : (Reflect.get(target, name) as unknown)),
  });
  try {
    return work();
  } finally {
    globalThis.Date = clock;
  }
}

/** Its lists carry marks of their own. */
const copied = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (JSON.parse(JSON.stringify(value)) as unknown) : value;

/** Its own codes only: its messages quote what was read. */
function reasonOf(error: unknown): string {
  if (error instanceof StepsSpent) return `lebih dari ${MOST_STEPS} langkah; mungkin tidak pernah selesai`;
  const { code } = error as Partial<JsonataError>;
  if (code === 'D1011' || error instanceof RangeError) return 'terlalu dalam; mungkin tidak pernah selesai';
  if (code === 'D2015' || code === 'D2014') return 'daftarnya terlalu panjang';
  return code ? `JSONata ${code}` : 'tidak dapat dihitung untuk laporan ini';
}

const quoted = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;

export interface Mistake {
  /** From 0, in the expression's text. */
  position: number;
  message: string;
}

/** What is wrong with an expression, as far as its text shows; `undefined` when nothing is. */
export async function mistakeIn(text: string): Promise<Mistake | undefined> {
  if (PLAIN.test(text)) return undefined;
  try {
    await compile(text);
    return undefined;
  } catch (error) {
    compiled.delete(text);
    const { position = 0, code = '', token = '' } = error as Partial<JsonataError>;
    return { position: Math.max(0, position - String(token).length), message: wordsOf(code, String(token)) };
  }
}

/** In plain Indonesian; the library's codes are for those who look further. */
function wordsOf(code: string, token: string): string {
  const near = token && token !== '(end)' ? ` di dekat "${token.slice(0, 20)}"` : '';
  const words: Record<string, string> = {
    S0101: 'tanda kutip tidak ditutup',
    S0201: 'ada yang berlebih',
    S0202: 'ada tanda yang keliru',
    S0203: 'berhenti sebelum selesai; kurung atau kutip belum ditutup',
    S0204: 'ada tanda yang tidak dikenal',
    S0207: 'berhenti sebelum selesai',
    S0211: 'ada tanda yang tidak pada tempatnya',
    S0301: 'pola /…/ kosong',
    S0302: 'pola /…/ tidak ditutup',
  };
  return `ekspresi JSONata tidak dapat dibaca: ${words[code] ?? 'susunannya keliru'}${near} [${code || 'S'}]`;
}
