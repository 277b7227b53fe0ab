import { expect, it } from 'vitest';
import website from '../../adapters/website/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { reply } from '../kit/samples.ts';

const SETTINGS = {
  address: 'https://aduan.contohkab.go.id/',
  privacy: { controller: 'Pemerintah Kabupaten Contoh', officer: { email: 'pdp@contohkab.go.id' } },
};

describeAdapter(website, {
  account: 'formulir-warga',
  secrets: {},
  settings: () => SETTINGS,
  verbs: [],
  raw: () => '',
  platform: () => () => ({ status: 404 }),
  publishes: () => false,
});

it('an answer stands on the status page of its ticket', async () => {
  const settings = website.settings.parse(SETTINGS);
  const published = await website.publish!.send(reply({ key: 'k1' }, 'form'), { settings } as never);
  expect(published).toEqual({ publishedId: 'k1', permalink: 'https://aduan.contohkab.go.id/lacak/K7M-4QD-X2P' });
});

const refused = (changes: object): string =>
  website.settings
    .safeParse({ ...SETTINGS, ...changes })
    .error?.issues.map((one) => one.path.join('.'))
    .join() ?? '';

it('nobody opens the door without naming who answers for the data', () => {
  expect(refused({ privacy: { controller: 'Pemkab' } })).toBe('privacy.officer');
  expect(refused({ privacy: { controller: 'Pemkab', officer: { name: 'Bu Ratna' } } })).toBe('privacy.officer');
  expect(refused({ privacy: { officer: { email: 'pdp@contohkab.go.id' } } })).toBe('privacy.controller');
});

it('what is required must be asked', () => {
  expect(refused({ ask: ['phone'], required: ['phone', 'name'] })).toBe('required');
  expect(refused({ ask: ['phone', 'name'], required: ['phone', 'name'] })).toBe('');
});
