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
  const entries = entriesOf(value);
  if (entries === undefined) return value === undefined ? new Map() : new Map([[path, show(value)]]);
  return new Map(entries.flatMap(([key, inner]) => [...flatten(inner, path ? `${path}.${key}` : key)]));
}

/** `undefined`: a single value. Lists of plain values are one value, too. */
function entriesOf(value: Json | undefined): [string, Json][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return Object.keys(value).length ? Object.entries(value) : undefined;
  if (value.length === 0 || value.some((entry) => typeof entry !== 'object' || entry === null)) return undefined;
  return value.map((entry, index) => [String((entry as { id?: Json }).id ?? index + 1), entry]);
}

const show = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
