import { afterAll, describe, expect, it } from 'vitest';
import { settings } from '../../../adapters/email/settings.ts';
import { createNormaliser } from '../../../src/platform/threads.ts';
import { hostileMails } from './hostile.ts';

const mails = hostileMails();
const parser = createNormaliser({ registry: new URL('../../../adapters/index.ts', import.meta.url), threads: 1 });
afterAll(() => parser.close());

const job = (raw: Buffer) => ({
  ...{ adapter: 'email', raw, channel: { id: 'surel', account: 'aduan@kabupaten.example' }, tokenKeys: [] },
  settings: settings.parse({ host: 'x', user: 'x', password: '${X}', authServer: 'mx.example' }),
  receivedAt: new Date('2026-11-24T01:00:00Z'),
});

it('there are fifty of them', () => {
  expect(new Set(mails.map(({ name }) => name)).size).toBe(50);
});

describe('the parser thread, with its limits of time and memory', () => {
  it.each(mails)('reads "$name", or says why not, by itself', async ({ raw }) => {
    const [result] = await parser.normalise([job(raw)]);
    if (!result?.ok) expect(result?.reason).toMatch(/^(Surat|Kepala surat|Ini bukan surat)/);
    else if (result.item?.type === 'message') expect(result.item.surface).toBe('mail');
  });
});
