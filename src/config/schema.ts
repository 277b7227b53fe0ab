import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { item, publishedComplaint } from '#contract';
import { adapters } from '../../adapters/index.ts';
import { channelSchema } from './channel.ts';
import type { Adapters } from './crossCheck.ts';
import { hubSchema } from './hub.ts';

/** JSON Schema, as far as it is handled here. */
type Schema = Record<string, unknown>;

/** Editors' YAML support knows draft 7 best; the formats for other programs are in the current draft. */
const forEditors = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any', reused: 'inline' });
const forPrograms = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: 'input' });

/** The published JSON Schemas, by file name. */
export function jsonSchemas(known: Adapters): Record<string, Schema> {
  return {
    'hub.schema.json': hubJsonSchema(known),
    'channel.schema.json': {
      ...forEditors(channelSchema),
      title: 'Kanal Aduan: channels/*.yaml',
      ...branches(known, settingsOf),
    },
    'item.schema.json': forPrograms(item),
    'complaint.schema.json': forPrograms(publishedComplaint),
  };
}

function hubJsonSchema(known: Adapters): Schema {
  const schema = forEditors(hubSchema) as { properties: { endpoints: { additionalProperties: Schema } } };
  const endpoint = schema.properties.endpoints.additionalProperties;
  Object.assign(endpoint, branches(known, endpointSettingsOf));
  return { ...schema, title: 'Kanal Aduan: hub.yaml' };
}

type SettingsOf = (adapter: Adapters[string]) => Schema | undefined;
const settingsOf: SettingsOf = (adapter) => forEditors(adapter.settings);
const endpointSettingsOf: SettingsOf = (adapter) => adapter.receive && forEditors(adapter.receive.settings);

/** One branch per adapter: its name decides what `settings` may hold. */
function branches(known: Adapters, of: SettingsOf): Schema {
  const allOf = Object.entries(known).flatMap(([name, adapter]) => {
    const { $schema, ...settings } = of(adapter) ?? {};
    if (!$schema) return [];
    return [{ if: { properties: { adapter: { const: name } } }, then: { properties: { settings } } }];
  });
  const names = { properties: { adapter: { enum: Object.keys(known) } } };
  return { allOf: [names, ...allOf] };
}

/** Writes them into a folder. */
export async function writeSchemas(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const schemas = Object.entries(jsonSchemas(adapters));
  for (const [name, schema] of schemas) await writeFile(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
  return schemas.map(([name]) => join(folder, name));
}

if (import.meta.main) for (const path of await writeSchemas('docs/schema')) process.stdout.write(`${path}\n`);
