import { ChannelError, type Health } from '#contract';
import type { Context } from './graph.ts';
import { type AssetState, appLayer, assetLayer, repairAsset, type Wanted } from './subscriptions.ts';
import { readToken, type TokenState, tokenWarnings } from './token.ts';
import { versionWarning } from './version.ts';

/** What a channel needs at Meta. */
export interface Needs {
  scopes: readonly string[];
  /** Ids for which a scope may be granted: the page, the account behind it. */
  accounts: readonly string[];
  wanted: Wanted;
}

/** Looks only: the token, its permissions, and whether deliveries are subscribed. */
export async function checkHealth(ctx: Context, needs: Needs): Promise<Health> {
  const state = await readToken(ctx);
  const asset = await assetLayer(ctx, needs.wanted);
  return healthOf(ctx, needs, state, [...(await optional(() => appLayer(ctx, needs.wanted))), ...lackingWords(asset)]);
}

/** The same, and subscribes the account to the app again where that was lost. */
export async function lookAfter(ctx: Context, needs: Needs): Promise<Health> {
  const state = await readToken(ctx);
  const asset = await assetLayer(ctx, needs.wanted);
  if (!asset.subscribed || asset.lacking.length > 0) await repairAsset(ctx, needs.wanted, asset.has);
  return healthOf(ctx, needs, state, await optional(() => appLayer(ctx, needs.wanted)));
}

const lackingWords = ({ subscribed, lacking }: AssetState): string[] => {
  if (!subscribed) return ['Akun belum berlangganan aplikasi; hub akan mendaftarkannya sendiri.'];
  return lacking.length > 0 ? [`Bidang langganan kurang: ${lacking.join(', ')}; hub akan menambahkannya sendiri.`] : [];
};

/** What is refused to an app of this kind is not known, and no fault of the token. */
async function optional(look: () => Promise<string[]>): Promise<string[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'refused') return [];
    throw error;
  }
}

function healthOf(ctx: Context, needs: Needs, state: TokenState, more: readonly string[]): Health {
  const now = ctx.now();
  const version = versionWarning(ctx.settings.graphVersion, now);
  const warnings = [...tokenWarnings(state, needs, now), ...(version ? [version] : []), ...more];
  const ends = [state.expiresAt, state.dataUntil].flatMap((date) => (date ? [date.getTime()] : []));
  const detail = warnings.length > 0 ? warnings.join(' ') : 'Token berlaku, izin lengkap, dan webhook berlangganan.';
  return { detail, warnings, ...(ends.length > 0 && { expiresAt: new Date(Math.min(...ends)) }) };
}
