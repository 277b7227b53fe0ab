import { readFileSync } from 'node:fs';
import { type AnyAdapter, ChannelError, door } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Broken } from './index.ts';

const said = door.parse({
  address: 'https://aduan.contohkab.go.id',
  privacy: { controller: 'Pemerintah Kabupaten Contoh', officer: { email: 'pdp@contohkab.go.id' } },
});

/** The webhook's adapter is nobody's door, so here it gets one. */
export const opened: Pick<AnyAdapter, 'door'> = { door: () => said };

type Publish = NonNullable<AnyAdapter['publish']>;
type Send = Publish['send'];
const MAX = 500;
const stands: Send = async ({ key, text }) => {
  if (text.length > MAX) throw new ChannelError('refused', 'too long', { reason: 'content' });
  return { publishedId: key };
};
const publishing = (send: Send): AnyAdapter => {
  const { reconcile: _, ...rest } = webhook;
  return { ...rest, publish: { idempotency: 'native', here: true, maxChars: MAX, surfaces: ['form', 'report'], send } };
};

/** Its answers stand at the hub itself. */
export const here = publishing(stands);

let sent = 0;
let looked = 0;
export const brokenDoors: Broken = {
  'what is published at the hub itself asks nobody, is known by its key, and keeps to its length': [
    publishing(async (reply, ctx) => ({ ...(await stands(reply, ctx)), publishedId: `${reply.key}-${sent++}` })),
    publishing(async ({ key }) => ({ publishedId: key })),
    publishing(async (reply, ctx) => {
      await webhook.publish!.send(reply, ctx);
      return stands(reply, ctx);
    }),
    publishing((reply, ctx) => stands({ ...reply, text: `${reply.text} ` }, ctx)),
  ],
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
