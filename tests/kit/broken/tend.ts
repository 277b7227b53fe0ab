import { type AnyAdapter, type ChannelContext, ChannelError } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Broken } from './index.ts';

const caring = (run: (ctx: ChannelContext<unknown>) => Promise<{ detail: string }>): AnyAdapter => ({
  ...webhook,
  care: { every: '1h', run },
});
const fine = { detail: 'Baik.' };

export const brokenTenders: Broken = {
  'complete fetches what an event only names, in a form that normalise reads': [
    { ...webhook, complete: async (raw) => raw },
    { ...webhook, complete: () => Promise.reject(new ChannelError('refused', 'no')) },
  ],
  'moderate hides and shows again, and says nothing': [
    { ...webhook, moderate: async () => {} },
    {
      ...webhook,
      moderate: async (_, target, ctx) => {
        const about = { key: 'moderate', attempt: 1, state: 'hidden', label: 'Disembunyikan' };
        await webhook.pushStatus!({ ...about, at: ctx.now(), firstAttemptAt: ctx.now(), target }, ctx);
      },
    },
  ],
  'care publishes nothing, says what it found, and changes nothing where all is well': [
    caring(async () => fine),
    caring(async (ctx) => ({ ...(await webhook.probe!(ctx)), detail: '' })),
    caring(async (ctx) => {
      await webhook.forward!(REPORT, ctx);
      return fine;
    }),
  ],
  'markRead says nothing, and may be asked twice': [{ ...webhook, markRead: async () => {} }],
  'care, moderate and markRead tell retry, auth and throttled apart': [
    caring(async (ctx) => webhook.probe!(ctx).catch(() => fine)),
    { ...webhook, moderate: async () => {} },
  ],
};

const REPORT = {
  ...{ key: 'care', attempt: 1, ticketNo: 'K7M-4QD-X2P', text: 'x', files: [] },
  ...{ anonymous: true, secret: false, receivedAt: new Date(0), firstAttemptAt: new Date(0) },
};
