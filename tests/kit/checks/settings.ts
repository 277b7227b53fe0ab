import { type AnswerRules, type AnyAdapter, door, parseDuration, STATES, settleAfterOf } from '#contract';
import { must, mustEqual } from '../expect.ts';
import { type Harness, needs } from '../harness.ts';
import { observed } from '../observe.ts';
import { always, type Check } from './check.ts';

const ORIGIN = 'http://127.0.0.1:9';

interface Settings {
  where: string;
  accepts(value: unknown): boolean;
  valid: Record<string, unknown>;
}

function settingsOf(adapter: AnyAdapter, harness: Harness): Settings[] {
  const accepts = (schema: AnyAdapter['settings']) => (value: unknown) => schema.safeParse(value).success;
  const channel = { where: 'settings', accepts: accepts(adapter.settings), valid: harness.settings(ORIGIN) };
  if (!adapter.receive) return [channel];
  const valid = needs(harness.receive, 'receive').settings;
  return [channel, { where: 'receive.settings', accepts: accepts(adapter.receive.settings), valid }];
}

const strict: Check = {
  name: 'settings accept what is right and refuse an unknown key',
  applies: always,
  async run(adapter, harness) {
    for (const { where, accepts, valid } of settingsOf(adapter, harness)) {
      must(accepts(valid), `${where}: the harness's own settings are refused`);
      must(!accepts({ ...valid, kitUnknownKey: 1 }), `${where}: an unknown key is accepted; use z.strictObject`);
    }
  },
};

const references: Check = {
  name: 'a secret in the settings is a reference, never a value',
  applies: always,
  async run(adapter, harness) {
    for (const { where, accepts, valid } of settingsOf(adapter, harness)) {
      for (const [key, value] of Object.entries(valid)) {
        const literal = withLiteral(value);
        if (literal === undefined) continue;
        must(
          !accepts({ ...valid, [key]: literal }),
          `${where}.${key}: a literal value is accepted; mark it with secret()`,
        );
      }
    }
  },
};

/** The same with a value where a reference stood; `undefined` when there was none. */
function withLiteral(value: unknown): unknown {
  const isRef = (one: unknown) => typeof one === 'string' && one.startsWith('${');
  if (isRef(value)) return 'hunter2hunter2hunter2';
  if (Array.isArray(value) && value.some(isRef)) return value.map(() => 'hunter2hunter2hunter2');
  return undefined;
}

const declared: Check = {
  name: 'the name, the limits and the durations can be read',
  applies: always,
  async run(adapter, harness) {
    const { name, poll, publish } = adapter;
    must(/^[a-z][a-z0-9-]{1,40}$/.test(name), `name: "${name}" is no folder's name; use small letters, digits and -`);
    const settles = publish && settleAfterOf(adapter, adapter.settings.parse(harness.settings(ORIGIN)));
    const windows = [...windowsOf(publish), ...windowsOf(publish?.privately)];
    const durations = [poll?.every, settles, publish?.sendTimeout, ...windows];
    for (const text of durations)
      if (text !== undefined) must(isDuration(text), `"${text}" is no duration such as 10m`);
    if (!publish) return;
    must(Number.isInteger(publish.maxChars) && publish.maxChars > 0, 'publish.maxChars: not a whole number above 0');
    must(publish.surfaces.length > 0, 'publish.surfaces: empty; leave `publish` out when nothing can be answered');
    const stray = Object.keys(publish.window ?? {}).filter(
      (key) => !(publish.surfaces as readonly string[]).includes(key),
    );
    must(stray.length === 0, `publish.window: ${stray} is not among publish.surfaces`);
  },
};

const statuses: Check = {
  name: 'statusCode names a state the same each time, and in words, or not at all',
  applies: (adapter) => adapter.statusCode !== undefined,
  async run(adapter, harness) {
    const settings: unknown = adapter.settings.parse(harness.settings(ORIGIN));
    for (const state of STATES) {
      const name = adapter.statusCode!(state, settings);
      must(
        name === null || (typeof name === 'string' && name.trim() !== ''),
        `statusCode of ${state}: ${String(name)}`,
      );
      mustEqual(adapter.statusCode!(state, settings), name, `statusCode of ${state} again`);
    }
  },
};

const examined: Check = {
  name: 'examine finds nothing wrong in right settings, and asks nobody',
  applies: (adapter) => adapter.examine !== undefined,
  async run(adapter, harness) {
    const settings: unknown = adapter.settings.parse(harness.settings(ORIGIN));
    await adapter.examine!(settings);
    let faults: unknown;
    const { seen } = await observed(async () => {
      faults = await adapter.examine!(settings);
    });
    mustEqual(faults, [], 'examine of right settings');
    must(seen.length === 0, `examine: used ${[...new Set(seen)].join(', ')}`);
  },
};

const doors: Check = {
  name: 'door says what can be shown, the same each time, and asks nobody',
  applies: (adapter) => adapter.door !== undefined,
  async run(adapter, harness) {
    const settings: unknown = adapter.settings.parse(harness.settings(ORIGIN));
    let said: unknown;
    const { seen } = await observed(async () => {
      said = adapter.door!(settings);
    });
    must(seen.length === 0, `door: used ${[...new Set(seen)].join(', ')}`);
    mustEqual(adapter.door!(settings), said, 'door of the same settings again');
    const read = door.safeParse(said);
    must(
      read.success,
      `door: ${read.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
    );
    mustEqual(read.data, said, 'door, with everything that its schema adds');
  },
};

const windowsOf = (rules: AnswerRules | undefined): string[] => Object.values(rules?.window ?? {});

function isDuration(text: string): boolean {
  try {
    return parseDuration(text) > 0;
  } catch {
    return false;
  }
}

export const settingsChecks: readonly Check[] = [strict, references, declared, statuses, examined, doors];
