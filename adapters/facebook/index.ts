import { defineAdapter } from '#contract';
import { checkHealth, lookAfter } from '../_meta/care.ts';
import { media } from '../_meta/media.ts';
import { receive } from '../_meta/webhook.ts';
import { complete } from './complete.ts';
import { connect, SCOPES, setup } from './connect.ts';
import type { Context } from './context.ts';
import { normalise } from './items.ts';
import { poll } from './poll.ts';
import { moderate, publish, reconcile } from './publish.ts';
import { settings } from './settings.ts';

const FIELDS = [
  'feed', 'mention', 'ratings', 'messages', 'message_echoes', 'message_edits', 'message_reactions', 'message_reads',
  'message_deliveries', 'messaging_postbacks', 'messaging_referrals', 'standby', 'messaging_policy_enforcement',
]; // biome-ignore format: one glance

const needs = ({ channel: { account } }: Context) => ({
  scopes: SCOPES,
  accounts: [account],
  wanted: { object: 'page', fields: FIELDS, assetPath: `/${account}/subscribed_apps`, assetFields: FIELDS },
});

const probe = (ctx: Context) => checkHealth(ctx, needs(ctx));
const care = { every: '30m', run: (ctx: Context) => lookAfter(ctx, needs(ctx)) };

const abilities = { receive, poll, complete, publish, reconcile, moderate, media, probe, care, connect, setup };

/** A Facebook page: comments, posts of visitors, mentions, reviews, and Messenger. */
export default defineAdapter({ name: 'facebook', settings, normalise, ...abilities });
