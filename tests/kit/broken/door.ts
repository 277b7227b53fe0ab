import { readFileSync } from 'node:fs';
import { type AnyAdapter, door } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Broken } from './index.ts';

const said = door.parse({
  address: 'https://aduan.contohkab.go.id',
  privacy: { controller: 'Pemerintah Kabupaten Contoh', officer: { email: 'pdp@contohkab.go.id' } },
});

/** The webhook's adapter is nobody's door, so here it gets one. */
export const opened: Pick<AnyAdapter, 'door'> = { door: () => said };

let looked = 0;
export const brokenDoors: Broken = {
  'door says what can be shown, the same each time, and asks nobody': [
    { ...webhook, door: () => ({ ...said, address: 'aduan.contohkab.go.id' }) },
    { ...webhook, door: () => ({ ...said, photos: looked++ % 10 }) },
    {
      ...webhook,
      door: () => {
        readFileSync('package.json');
        return said;
      },
    },
  ],
};
