import webhook from '../../adapters/webhook/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { webhookHarness } from './webhook.harness.ts';

const { settings } = webhookHarness;

describeAdapter(webhook, webhookHarness);
describeAdapter(webhook, {
  ...webhookHarness,
  variant: 'replies at a callback address, doubtful sends are looked up',
  settings: (origin) => ({ ...settings(origin), callbackUrl: `${origin}/api/replies`, idempotency: 'lookup' }),
});
