import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { adapters } from '../../adapters/index.ts';
import { jsonSchemas } from '../../src/config/schema.ts';

const project = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const schemas = jsonSchemas(adapters);

describe('the JSON Schemas', () => {
  it.each(Object.keys(schemas))('docs/schema/%s is up to date; "npm run schema" writes it', async (name) => {
    expect(JSON.parse(await project(`docs/schema/${name}`))).toEqual(JSON.parse(JSON.stringify(schemas[name])));
  });

  it.each([
    ['hub', 'config/hub.yaml', '../docs/schema/hub.schema.json'],
    ['channel', 'config/channels/lapor-contoh.yaml', '../../docs/schema/channel.schema.json'],
    ['channel', 'config/channels/aspirasi-contoh.yaml', '../../docs/schema/channel.schema.json'],
  ])('%s accepts %s, which names it in its first line', async (name, file, address) => {
    const text = await project(file);
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=${address}`);
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schemas[`${name}.schema.json`] ?? {});
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('know the settings of each adapter', async () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schemas['channel.schema.json'] ?? {});
    const channel = parse(await project('config/channels/lapor-contoh.yaml'));
    expect(validate({ ...channel, settings: { ...channel.settings, tokn: 'x' } })).toBe(false);
    expect(validate({ ...channel, adapter: 'nosuch' })).toBe(false);
  });
});
