import { z } from 'zod';
import { duration, secret } from '#contract';
import { type Fault, listAllowed } from './fault.ts';
import type { Path, YamlFile } from './yamlFile.ts';

type Checked<T> = { data: T; faults: [] } | { data: undefined; faults: Fault[] };

const { localeError } = z.locales.id();

/** Checks part of a file against a schema; its faults name line, path and what is allowed. */
export function checkSchema<T>(yaml: YamlFile, schema: z.ZodType<T>, data: unknown, at: Path = []): Checked<T> {
  const checked = schema.safeParse(data, { error: localeError });
  if (checked.success) return { data: checked.data, faults: [] };
  const shape = shapeOf(schema);
  const faults = checked.error.issues.flatMap((issue) => toFaults(yaml, issue, { data, at, shape }));
  return { data: undefined, faults };
}

interface Where {
  data: unknown;
  at: Path;
  shape: Shape;
}

function toFaults(yaml: YamlFile, issue: z.core.$ZodIssue, { data, at, shape }: Where): Fault[] {
  const path = [...at, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, issue.path);
    return issue.keys.map((key) =>
      yaml.fault([...path, key], 'nama setelan ini tidak dikenal', listAllowed(key, known)),
    );
  }
  const given = valueAt(data, issue.path);
  if (given === undefined) return [yaml.fault(path, 'belum diisi', allowedBy(issue, ''))];
  const branch = issue.code === 'invalid_union' ? likelyBranch(issue.errors) : undefined;
  if (!branch) return [yaml.fault(path, wordsOf(issue), allowedBy(issue, String(given)))];
  return branch.flatMap((inner) =>
    toFaults(yaml, { ...inner, path: [...issue.path, ...inner.path] }, { data, at, shape }),
  );
}

const TYPES: Record<string, string> = {
  string: 'teks',
  number: 'angka',
  int: 'bilangan bulat',
  boolean: 'true atau false',
  array: 'daftar',
  object: 'kelompok setelan',
  record: 'kelompok setelan',
};

/** How a schema refuses an empty text. */
function messageOf(schema: z.ZodType): string {
  return schema.safeParse('').error?.issues[0]?.message ?? '';
}

/** What the contract's own schemas say, in the words of those who keep the channels. */
const TRANSLATED = new Map([
  [messageOf(duration()), 'harus berupa lama waktu: angka dan satuan ms, s, m, h atau d, misalnya 90s atau 10m'],
  [
    messageOf(secret()),
    'harus acuan rahasia seperti ${LAPOR_TOKEN}; simpan nilainya dengan "kanal secret set LAPOR_TOKEN"',
  ],
]);

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `harus berupa ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return 'bukan pilihan yang ada';
  if (issue.code === 'invalid_union') return 'tidak cocok dengan satu pun bentuk yang boleh';
  return TRANSLATED.get(issue.message) ?? issue.message;
}

const allowedBy = (issue: z.core.$ZodIssue, given: string): string | undefined =>
  issue.code === 'invalid_value' ? listAllowed(given, issue.values.map(String)) : undefined;

/** Of the forms a value may have, the one that was meant: its faults lie inside the value, not with the value itself. */
const likelyBranch = (branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined =>
  branches.find((issues) => issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'));

const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step], data);

/** As much of a JSON Schema as is needed to know which keys an object may have. */
interface Shape {
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape;
  anyOf?: Shape[];
  oneOf?: Shape[];
}

const shapeOf = (schema: z.ZodType): Shape =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Shape;

function keysAt(shape: Shape, path: Path): string[] {
  const [step, ...rest] = path;
  const branches = [shape, ...(shape.anyOf ?? []), ...(shape.oneOf ?? [])];
  if (step === undefined) return branches.flatMap(({ properties }) => Object.keys(properties ?? {}));
  return branches.flatMap(({ properties, items, additionalProperties }) => {
    const inner = typeof step === 'number' ? items : (properties?.[String(step)] ?? additionalProperties);
    return typeof inner === 'object' ? keysAt(inner, rest) : [];
  });
}
