import manual from '../../adapters/manual/index.ts';
import { describeAdapter } from '../kit/index.ts';

describeAdapter(manual, {
  account: 'loket',
  secrets: {},
  settings: () => ({ surface: 'form' }),
  verbs: [],
  raw: () => '',
  platform: () => () => ({ status: 404 }),
  publishes: () => false,
});
