import { z } from 'zod';
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
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return [yaml.fault(path, unionMessage(issue))];
  return [yaml.fault(path, issue.message, allowedBy(issue, String(given)))];
}

function allowedBy(issue: z.core.$ZodIssue, given: string): string | undefined {
  if (issue.code === 'invalid_value') return listAllowed(given, issue.values.map(String));
  if (issue.code === 'invalid_type') return issue.expected;
  return undefined;
}

const unionMessage = (issue: z.core.$ZodIssueInvalidUnion): string =>
  `tidak cocok dengan satu pun bentuk yang boleh: ${issue.errors.map(([first]) => first?.message ?? '').join(' / ')}`;

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
