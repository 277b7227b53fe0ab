import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { PROBLEM_CODES, problem } from '../../src/api/problems.ts';
import * as common from '../../src/api/schemas/common.ts';
import * as complaint from '../../src/api/schemas/complaint.ts';
import * as hub from '../../src/api/schemas/hub.ts';
import * as publication from '../../src/api/schemas/publication.ts';
import * as work from '../../src/api/schemas/work.ts';

it('every code stands in docs/api.md with its status', async () => {
  const page = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, code, status]) => `${code} ${status}`);
  expect(documented.sort()).toEqual(PROBLEM_CODES.map((code) => `${code} ${problem(code, 'x').status}`).sort());
});

const described = Object.entries({ ...common, ...complaint, ...hub, ...publication, ...work }).flatMap(
  ([name, value]) => {
    const examples = value instanceof z.ZodType ? value.meta()?.examples : undefined;
    return value instanceof z.ZodType && Array.isArray(examples) ? [{ name, schema: value, examples }] : [];
  },
);

it('the examples are many enough to mean something', () => {
  expect(described.length).toBeGreaterThan(25);
});

it.each(described)('the example of $name fits its schema', ({ schema, examples }) => {
  for (const example of examples) expect(schema.safeParse(example).error?.issues ?? []).toEqual([]);
});
