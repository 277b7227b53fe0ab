import { ChannelError } from '#contract';
import { bearerOf, renewalOf } from './bearer.ts';
import { graphError, PAGE_ERRORS } from './errors.ts';
import { type Context, graph } from './graph.ts';
import { type Fields, fieldsOf, idOf, listOf } from './json.ts';

/** What Meta says about the channel's token. */
export interface TokenState {
  /** Absent: it does not end by date. */
  expiresAt?: Date;
  /** Until when it may read people's data without a new consent. */
  dataUntil?: Date;
  scopes: string[];
  /** The object the token is for: the page, with a page token. */
  profileId?: string;
  /** Scopes that hold for some objects only, and for which. */
  limited: Map<string, string[]>;
}

const WHAT = 'Memeriksa token';

/** `debug_token` with the app's own token. Throws `auth` for a token that is no longer valid. */
export async function readToken(ctx: Context, token?: string): Promise<TokenState> {
  const { appId, appSecret } = ctx.settings;
  const answer = await graph(ctx, {
    what: WHAT,
    path: '/debug_token',
    query: { input_token: token ?? (await bearerOf(ctx)) },
    token: `${appId}|${await ctx.secret(appSecret)}`,
    background: true,
  });
  const data = fieldsOf(answer.data);
  if (typeof data.is_valid !== 'boolean')
    throw new ChannelError('retry', `${WHAT}: Meta tidak mengatakan apakah token berlaku`);
  if (!data.is_valid) throw dead(ctx, data);
  return stateOf(data);
}

/** The reason stands in `data.error`, in another shape than an error of its own. */
function dead(ctx: Context, { error }: Fields): ChannelError {
  const { code, subcode } = fieldsOf(error);
  const body = { error: { code: idOf(code) ?? '190', error_subcode: idOf(subcode) } };
  const failed = { status: 400, headers: {}, body };
  const renewal = renewalOf(ctx);
  const asked = { what: WHAT, writes: false, now: ctx.now(), table: PAGE_ERRORS, renewal };
  const found = graphError(failed, asked);
  if (found?.kind === 'auth') return found;
  return new ChannelError('auth', `${WHAT}: token tidak berlaku. Buat token baru. ${renewal}`);
}

function stateOf(data: Fields): TokenState {
  const expiresAt = dateOf(data.expires_at);
  const dataUntil = dateOf(data.data_access_expires_at);
  const profileId = idOf(data.profile_id);
  const limited = listOf(data.granular_scopes).map(fieldsOf);
  return {
    scopes: listOf(data.scopes).map(String),
    limited: new Map(
      limited.flatMap(({ scope, target_ids }) =>
        Array.isArray(target_ids) ? [[String(scope), target_ids.map(String)] as const] : [],
      ),
    ),
    ...(expiresAt && { expiresAt }),
    ...(dataUntil && { dataUntil }),
    ...(profileId && { profileId }),
  };
}

/** Seconds since 1970; 0: never. */
const dateOf = (value: unknown): Date | undefined => (Number(value) > 0 ? new Date(Number(value) * 1_000) : undefined);

const DAY_MS = 86_400_000;
const WARN_AT = [1, 7, 30];

/** Which warning is due: at most 30, 7 or 1 days are left. `null`: none. Pure. */
export function warningDays(end: Date, now: Date): number | null {
  const left = (end.getTime() - now.getTime()) / DAY_MS;
  return WARN_AT.find((days) => left <= days) ?? null;
}

/** What the people who look after the channel should know, in Indonesian. Pure. */
export function tokenWarnings(
  state: TokenState,
  about: { scopes: readonly string[]; accounts: readonly string[] },
  now: Date,
): string[] {
  const missing = about.scopes.filter((scope) => !state.scopes.includes(scope));
  const elsewhere = about.scopes.filter((scope) => {
    const targets = state.limited.get(scope);
    return targets !== undefined && !about.accounts.some((account) => targets.includes(account));
  });
  return [
    ...ending('Token', 'Buat token baru sebelum itu.', state.expiresAt, now),
    ...ending('Izin membaca data', 'Pemilik token harus masuk lagi ke aplikasi.', state.dataUntil, now),
    ...(missing.length > 0 ? [`Izin belum ada pada token: ${missing.join(', ')}. Berikan, lalu buat token baru.`] : []),
    ...(elsewhere.length > 0
      ? [`Izin tidak berlaku untuk akun ini: ${elsewhere.join(', ')}. Pilih akunnya saat memberi izin.`]
      : []),
  ];
}

function ending(what: string, cure: string, end: Date | undefined, now: Date): string[] {
  const days = end && warningDays(end, now);
  if (!end || days === null || days === undefined) return [];
  const date = end.toISOString().slice(0, 10);
  return [`${what} berakhir pada ${date}, paling lama ${days} hari lagi. ${cure}`];
}
