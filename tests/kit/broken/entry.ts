import { readFileSync } from 'node:fs';
import type { AnyAdapter, Author } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Broken } from './index.ts';

type Reach = NonNullable<AnyAdapter['reach']>;
const byPhone: Reach = ({ phone }) => (phone ? { objectId: phone, threadId: phone, surface: 'message' } : null);

/** The webhook's adapter has neither, so here it gets them. */
export const entering: Pick<AnyAdapter, 'entry' | 'reach'> = {
  entry: { surfaces: ['letter'], usual: () => 'letter' },
  reach: byPhone,
};
export const reached: Author = { phone: '+6281200000001' };

const reaching = (reach: Reach): AnyAdapter => ({ ...webhook, reach });
let asked = 0;

export const brokenEntries: Broken = {
  'entry names what is entered, each surface once': [
    { ...webhook, entry: { surfaces: [], usual: () => 'letter' } },
    { ...webhook, entry: { surfaces: ['letter', 'letter'], usual: () => 'letter' } },
    { ...webhook, entry: { surfaces: ['fax' as never], usual: () => 'fax' as never } },
    { ...webhook, entry: { surfaces: ['letter'], usual: () => 'call' } },
  ],
  'reach says where somebody can be written to, or nowhere, and asks nobody': [
    reaching(() => ({ objectId: 'x', threadId: 'x', surface: 'message' })),
    reaching(() => null),
    reaching(({ phone }) => (phone ? { objectId: phone, threadId: '', surface: 'message' } : null)),
    reaching(({ phone }) => (phone ? { objectId: phone, threadId: phone, surface: 'fax' as never } : null)),
    reaching(({ phone }) => (phone ? { objectId: `${phone}${asked++}`, threadId: phone, surface: 'message' } : null)),
    reaching((author, settings) => {
      readFileSync('package.json');
      return byPhone(author, settings);
    }),
  ],
};
