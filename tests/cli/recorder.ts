import { buildProgram, type Commands, runProgram } from '../../src/cli/index.ts';

const NONE = { rows: 0, new: 0, changed: 0, known: 0, waiting: 0, failed: 0, statuses: 0, repeated: 0, faulty: 0 };
export const NOTHING_IMPORTED: Awaited<ReturnType<Commands['importFile']>> = {
  ...{ format: 'csv', sha256: 'ab', sheet: null, columns: [], unused: [], counts: NONE },
  ...{ rows: [], faults: [], mend: null },
};

const NO_MESSAGES = {
  messages: 0,
  new: 0,
  known: 0,
  ours: 0,
  echoes: 0,
  waiting: 0,
  failed: 0,
  skipped: 0,
  files: 0,
  filesMissing: 0,
};
export const EMPTY_CHAT: Awaited<ReturnType<Commands['importChat']>> = {
  ...{ sha256: 'ab', participants: [], counts: NO_MESSAGES, toConfirm: [] },
};

/** Runs the command line over commands that note how they were called. */
export async function kanal(args: string[], answers: Partial<Commands> = {}, typed: string | string[] = '') {
  const lines = [typed].flat();
  const prompts: string[] = [];
  const next = async (prompt: string): Promise<string> => {
    prompts.push(prompt);
    return lines.length > 1 ? (lines.shift() ?? '') : (lines[0] ?? '');
  };
  const calls: unknown[][] = [];
  const printed = { out: '', err: '' };
  const note =
    <T>(name: string, answer: T) =>
    async (...given: unknown[]): Promise<T> => {
      calls.push([name, ...given]);
      return answer;
    };
  const commands: Commands = {
    serve: note('serve', undefined),
    api: note('api', undefined),
    worker: note('worker', undefined),
    demo: note('demo', undefined),
    migrate: note('migrate', ['001_register']),
    check: note('check', true),
    setSecret: note('setSecret', undefined),
    addUser: note('addUser', undefined),
    setNotices: note('setNotices', undefined),
    addKey: note('addKey', 'ka_kunci'),
    listChannels: note('listChannels', [{ id: 'lapor', label: 'Lapor', adapter: 'webhook', health: 'Normal' }]),
    tryChannel: note('tryChannel', true),
    tryRules: note('tryRules', { looked: 0, untouched: 0, rules: [] }),
    importFile: note('importFile', NOTHING_IMPORTED),
    importChat: note('importChat', EMPTY_CHAT),
    writeMend: note('writeMend', 'data.salah.csv'),
    pollChannel: note('pollChannel', undefined),
    pauseChannel: note('pauseChannel', undefined),
    resumeChannel: note('resumeChannel', undefined),
    replayChannel: note('replayChannel', { deliveries: 1, items: 2 }),
    channelOffers: note('channelOffers', { offers: [], agencies: [] }),
    isChannelTaken: note('isChannelTaken', false),
    draftChannel: note('draftChannel', { file: 'channels/x.yaml', text: '', faults: [], connects: false }),
    saveChannel: note('saveChannel', undefined),
    connectChannel: note('connectChannel', { scopes: ['komentar'], missing: [] }),
    probeChannel: note('probeChannel', { detail: 'Akun menjawab.', warnings: [] }),
    writeSchemas: note('writeSchemas', ['docs/schema/hub.schema.json']),
    verifyAudit: note('verifyAudit', { events: 3, breaks: [] }),
    ...answers,
  };
  const io = {
    out: (text: string) => void Object.assign(printed, { out: printed.out + text }),
    err: (text: string) => void Object.assign(printed, { err: printed.err + text }),
    readHidden: next,
    ask: next,
    askHidden: next,
  };
  const code = await runProgram(buildProgram(commands, io), ['node', 'kanal', ...args], io);
  return { code, calls, prompts, ...printed };
}
