import { createHash } from 'node:crypto';
import type { ChannelContext, Health } from '#contract';
import { ChannelError } from '#contract';
import { bearerOf } from '../_meta/bearer.ts';
import { graph } from '../_meta/graph.ts';
import { fieldsOf, idOf, textOf } from '../_meta/json.ts';
import type { Settings } from './settings.ts';

type Context = ChannelContext<Settings>;

/** A token of Instagram's own login lives sixty days, and is renewed by itself before that. */
interface Renewed {
  /** Of the token that it was renewed from: a new one, stored or connected, takes its place. */
  from: string;
  value: string;
  /** ISO 8601. */
  until: string;
}

const KEY = 'token';
const DAY_MS = 86_400_000;
const RENEW_BEFORE_MS = 10 * DAY_MS;
const WARN_BEFORE_MS = 3 * DAY_MS;

const mark = (secret: string): string => createHash('sha256').update(secret).digest('hex').slice(0, 16);

async function renewed(ctx: Context): Promise<Renewed | undefined> {
  const { from, value, until } = fieldsOf(await ctx.store.get(KEY));
  const secret = await bearerOf(ctx);
  if (from !== mark(secret) || typeof value !== 'string' || typeof until !== 'string') return undefined;
  return { from, value, until };
}

export const currentToken = async (ctx: Context): Promise<string> => (await renewed(ctx))?.value ?? bearerOf(ctx);

/** Checks the account, and renews the token in time (Meta, "Instagram API with Instagram Login: access tokens"). */
export async function careForToken(ctx: Context, renew: boolean): Promise<Health> {
  const token = await currentToken(ctx);
  const what = 'Memeriksa akun Instagram';
  const me = await graph(ctx, { what, path: '/me', query: { fields: 'user_id,username' }, token, background: true });
  const id = idOf(me.user_id) ?? idOf(me.id);
  if (!id) throw new ChannelError('retry', `${what}: jawaban tanpa nomor akun`);
  const known = await renewed(ctx);
  const left = known ? Date.parse(known.until) - ctx.now().getTime() : 0;
  const fresh = renew && left < RENEW_BEFORE_MS ? await tryRenewing(ctx, token) : known;
  return healthOf(ctx, fresh ?? known);
}

/** A token younger than a day cannot be renewed yet: that is no trouble. */
async function tryRenewing(ctx: Context, token: string): Promise<Renewed | undefined> {
  const call = { what: 'Memperbarui token', path: '/refresh_access_token', query: { grant_type: 'ig_refresh_token' } };
  try {
    const answer = await graph(ctx, { ...call, token, background: true });
    const value = textOf(answer.access_token);
    const seconds = Number(answer.expires_in);
    if (!value || !(seconds > 0)) return undefined;
    const until = new Date(ctx.now().getTime() + seconds * 1_000).toISOString();
    const next = { from: mark(await bearerOf(ctx)), value, until };
    await ctx.store.update(KEY, async () => next);
    return next;
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'refused') return undefined;
    throw error;
  }
}

function healthOf(ctx: Context, token: Renewed | undefined): Health {
  if (!token) return { detail: 'Akun menjawab. Masa berlaku token belum diketahui; hub memperbaruinya sendiri.' };
  const expiresAt = new Date(token.until);
  const soon = expiresAt.getTime() - ctx.now().getTime() < WARN_BEFORE_MS;
  const date = token.until.slice(0, 10);
  const warnings = soon ? [`Token berakhir pada ${date} dan belum dapat diperbarui. Hubungkan akun lagi.`] : [];
  return { detail: warnings[0] ?? `Akun menjawab. Token berlaku sampai ${date}.`, warnings, expiresAt };
}
