/** One thing that is wrong in a configuration file, in words for the people who keep the channels. */
export interface Fault {
  /** Relative to the configuration folder. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1, where it is known. */
  column?: number;
  /** Such as `policies.publish.lease`; empty for the file as a whole. */
  path: string;
  message: string;
  /** What may stand there. */
  allowed?: string;
}

/** `hub.yaml` cannot be used. Holds the faults of all files, so that they can be mended in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(`konfigurasi tidak dapat dipakai:\n${faults.map(describeFault).join('\n')}`);
    this.faults = faults;
  }
}

/** One line: `channels/lapor.yaml:4 settings.token: … (boleh: …)`. */
export function describeFault({ file, line, column, path, message, allowed }: Fault): string {
  return `${file}:${line}${column ? `:${column}` : ''} ${path ? `${path}: ` : ''}${message}${allowed ? ` (boleh: ${allowed})` : ''}`;
}

/** The known names, the likely one first. */
export function listAllowed(given: string, known: readonly string[]): string {
  if (known.length === 0) return 'belum ada satu pun';
  const near = nearest(given, known);
  const others = known.filter((name) => name !== near).slice(0, 20);
  const rest = others.join(', ');
  return near ? `${near}? ${rest && `atau ${rest}`}`.trim() : rest;
}

function nearest(given: string, known: readonly string[]): string | undefined {
  const ranked = known.map((name) => ({ name, far: distance(given.toLowerCase(), name.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.far - b.far)[0];
  return best && best.far <= Math.max(2, given.length / 3) ? best.name : undefined;
}

/** How many letters must change (Levenshtein). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
