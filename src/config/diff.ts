import type { Json } from '#contract';

/**
 * What changed between two snapshots, one line each: `channels.lapor.poll.every: 10m -> 5m`. `(-)` is nothing.
 * Lists whose entries have an `id` are compared by it, so that an entry put in front changes one line.
 */
export function diffSnapshots(old: Json | undefined, current: Json): string[] {
  const before = flatten(old);
  const after = flatten(current);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    return was === is ? [] : [`${path}: ${was ?? '(-)'} -> ${is ?? '(-)'}`];
  });
}

function flatten(value: Json | undefined, path = ''): Map<string, string> {
  if (value === undefined) return new Map();
  const entries = entriesOf(value);
  if (entries === undefined) return new Map([[path, show(value)]]);
  return new Map(entries.flatMap(([key, inner]) => [...flatten(inner, path ? `${path}.${key}` : key)]));
}

/** `undefined`: a single value. A list of plain values, or one that is empty, is a single value, too. */
function entriesOf(value: Json | undefined): [string, Json][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return Object.entries(value);
  if (value.length === 0 || value.some((entry) => typeof entry !== 'object' || entry === null)) return undefined;
  return value.map((entry, index) => [String((entry as { id?: Json }).id ?? index + 1), entry]);
}

const show = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
