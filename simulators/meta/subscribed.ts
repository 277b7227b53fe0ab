import type { Event } from './courier.ts';
import type { MetaSettings } from './options.ts';
import type { Subscriptions } from './parts.ts';

const CHATS = [
  'messages', 'message_echoes', 'message_edits', 'message_reactions', 'message_reads', 'message_deliveries',
  'messaging_postbacks', 'messaging_referrals', 'standby', 'messaging_policy_enforcement',
]; // biome-ignore format: one glance

/** What the app has subscribed to in its dashboard, at first: everything. */
export const FIELDS: Readonly<Record<string, string[]>> = {
  page: ['feed', 'mention', 'ratings', ...CHATS],
  instagram: [
    'comments', 'live_comments', 'mentions', 'messages', 'message_echoes', 'message_edit', 'message_reactions',
    'messaging_seen', 'messaging_postbacks', 'messaging_referral', 'standby',
  ],
  whatsapp_business_account: ['messages', 'smb_message_echoes', 'history', 'account_update', 'message_template_status_update'],
}; // biome-ignore format: one glance

/** The app must have subscribed to the field, and the account to the app. */
export function isHeard({ pages }: MetaSettings, { app, assets }: Subscriptions, event: Event): boolean {
  const field = event.as === 'changes' ? String(event.value.field) : 'messages';
  if (!app.get(event.object)?.includes(field)) return false;
  // An Instagram account listens through its page.
  const page = pages.find((one) => one.instagram?.id === event.entry)?.id;
  const fields = assets.get(page ?? event.entry);
  return fields !== undefined && (event.object === 'instagram' || fields.length === 0 || fields.includes(field));
}
