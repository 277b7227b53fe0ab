import { defineAdapter, type Health } from '#contract';
import { checkHealth, lookAfter, type Needs } from '../_meta/care.ts';
import { media } from '../_meta/media.ts';
import { assetLayer, repairAsset, type Wanted } from '../_meta/subscriptions.ts';
import { receive } from '../_meta/webhook.ts';
import { complete } from './complete.ts';
import { connect, SCOPES, setup } from './connect.ts';
import { type Context, inFlavour } from './context.ts';
import { normalise } from './items.ts';
import { poll } from './poll.ts';
import { moderate, publish, reconcile } from './publish.ts';
import { settings } from './settings.ts';
import { careForToken } from './token.ts';

const FIELDS = ['comments', 'live_comments', 'mentions', 'messages', 'message_reactions', 'messaging_postbacks'];
/** With a page, deliveries of Instagram come once the page has subscribed to anything. */
const PAGE_FIELDS = ['feed', 'messages'];

const needs = ({ channel: { account }, settings: { pageId = '' } }: Context): Needs => ({
  scopes: SCOPES,
  accounts: [account, pageId],
  wanted: { object: 'instagram', fields: FIELDS, assetPath: `/${pageId}/subscribed_apps`, assetFields: PAGE_FIELDS },
});

/** Alone: the account itself subscribes, and its app is not asked (its token opens nothing else). */
const ALONE: Wanted = {
  ...{ object: 'instagram', fields: FIELDS, assetPath: '/me/subscribed_apps' },
  assetFields: ['comments', 'messages', 'message_reactions', 'messaging_postbacks'],
};

const probe = (ctx: Context): Promise<Health> =>
  ctx.settings.flavour === 'facebook' ? checkHealth(ctx, needs(ctx)) : careForToken(ctx, false);

async function run(ctx: Context): Promise<Health> {
  if (ctx.settings.flavour === 'facebook') return lookAfter(ctx, needs(ctx));
  const health = await careForToken(ctx, true);
  const renewed = inFlavour(ctx);
  const { subscribed, has, lacking } = await assetLayer(renewed, ALONE);
  if (!subscribed || lacking.length > 0) await repairAsset(renewed, ALONE, has);
  return health;
}

const care = { every: '30m', run };
const abilities = { receive, poll, complete, publish, reconcile, moderate, media, probe, care, connect, setup };

/** An Instagram account: comments, mentions, story mentions and replies, and direct messages. */
export default defineAdapter({ name: 'instagram', settings, normalise, ...abilities });
