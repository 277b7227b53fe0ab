import { type Fields, fieldsOf } from '../_meta/json.ts';

/** Steps between dots: names, or numbers into lists. Empty: the thing itself. */
export const PATH = /^$|^[\w-]+(\.[\w-]+)*$/;

/**
 * The value at a path such as `results.data`. A name that meets a list goes into its first member. What is not there is
 * `undefined`. Pure.
 */
export function at(root: unknown, path: string): unknown {
  let value = root;
  for (const step of path === '' ? [] : path.split('.')) {
    const inside = Array.isArray(value) && !/^\d+$/.test(step) ? value[0] : value;
    value = Array.isArray(inside) ? inside[Number(step)] : fieldsOf(inside)[step];
  }
  return value ?? undefined;
}

/** The first of these paths that gives something. */
export function firstAt(root: unknown, paths: readonly string[]): unknown {
  for (const path of paths) {
    const value = at(root, path);
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** Texts and numbers, as text; nothing else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

export const textAt = (root: unknown, paths: readonly string[]): string | undefined => textOf(firstAt(root, paths));

const YES: ReadonlySet<string> = new Set(['true', '1', 'ya', 'yes', 'y', 't']);

/** As portals write it: `true`, 1, "1", "ya". */
export const isYes = (value: unknown): boolean =>
  value === true || (textOf(value) !== undefined && YES.has(String(textOf(value)).toLowerCase()));

/** Lists come as lists, or as a text that holds one. Anything else is none. */
export function listAt(root: unknown, path: string): readonly unknown[] {
  const value = at(root, path);
  if (Array.isArray(value)) return value;
  return typeof value === 'string' && value.trim().startsWith('[') ? parsedList(value) : [];
}

function parsedList(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

export type { Fields };
