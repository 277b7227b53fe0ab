import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Fault } from './fault.ts';

export type Path = readonly PropertyKey[];

/** A YAML file that knows on which line each of its values stands. */
export interface YamlFile {
  file: string;
  data: unknown;
  /** Faults of the syntax. With any, `data` is of no use. */
  faults: Fault[];
  /** A fault at this path, or at the nearest thing around it that is there. */
  fault(path: Path, message: string, allowed?: string): Fault;
  /** Where in the file the value at this path stands, or a place in its text (`offset`, from 0). Both from 1. */
  place(path: Path, offset?: number): { line: number; column: number };
}

export function parseYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', uniqueKeys: true, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line || 1;
  const faults = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    file,
    line: lineAt(pos[0]),
    path: '',
    message: `YAML tidak dapat dibaca: ${message}`,
  }));
  return {
    file,
    data: faults.length ? undefined : toData(document, faults, file),
    faults,
    fault: (path, message, allowed) => ({
      file,
      line: lineAt(offsetOf(document, path)),
      path: path.map(String).join('.'),
      message,
      ...(allowed && { allowed }),
    }),
    place: (path, offset = 0) => {
      const { line, col } = lines.linePos(offsetInText(document, path, offset, text));
      return { line: line || 1, column: col || 1 };
    },
  };
}

function toData(document: Document, faults: Fault[], file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = `YAML tidak dapat dibaca: ${(error as Error).message}`;
    faults.push({ file, line: 1, path: '', message });
    return undefined;
  }
}

/** Where the key of a path stands; where it is missing, the key around it. */
function offsetOf(document: Document, path: Path): number {
  let node = document.contents as unknown;
  let offset = startOf(node);
  for (const step of path) {
    const next = stepInto(node, step);
    if (!next) break;
    offset = startOf(next.key ?? next.value);
    node = next.value;
  }
  return offset;
}

/** Where a place in the text of a scalar stands in the file; of anything else, where it begins. */
function offsetInText(document: Document, path: Path, offset: number, source: string): number {
  let node = document.contents as unknown;
  for (const step of path) {
    const next = stepInto(node, step);
    if (!next) return offsetOf(document, path);
    node = next.value;
  }
  const start = startOf(node);
  if (!isScalar(node)) return start;
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return start + 1 + offset;
  return node.type?.startsWith('BLOCK')
    ? offsetInBlock(source, start, String(node.value).slice(0, offset))
    : start + offset;
}

/** A block begins on the line after its mark, each line indented as the first one. */
function offsetInBlock(source: string, start: number, before: string): number {
  const lines = before.split('\n');
  let at = source.indexOf('\n', start) + 1;
  const indent = /^ */.exec(source.slice(at))?.[0].length ?? 0;
  for (let passed = 1; passed < lines.length; passed++) at = source.indexOf('\n', at) + 1;
  return at + indent + (lines.at(-1)?.length ?? 0);
}

function stepInto(node: unknown, step: PropertyKey): { key?: unknown; value: unknown } | undefined {
  if (isMap(node)) return node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
  const value = isSeq(node) ? node.items[Number(step)] : undefined;
  return value === undefined ? undefined : { value };
}

const startOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;
