import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ChannelError, CONNECTION_KEY, type Connect, type Connected, type Scope } from '#contract';
import type { Channel } from '../config/load.ts';
import { type Actor, canHub } from '../core/access.ts';
import { type ConsentAnswer, explainRefusal } from '../core/consent.ts';
import { Refusal } from '../core/refusal.ts';
import { clearHold } from '../store/channelState.ts';
import { channelContext } from './context.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { trail } from './desk/channels.ts';
import { recordCheck } from './health.ts';

/** A consent that was asked for and has not come back. Lives only as long as the person waits. */
export interface Attempt {
  channel: Channel;
  /** To be opened in a browser. */
  url: string;
  redirectUri: string;
  state: string;
  verifier: string;
}

export interface Connection {
  account?: string;
  scopes: readonly string[];
  /** Those that were asked for and not granted, with what does not work now. */
  missing: readonly Scope[];
  expiresAt?: Date;
}

const EXCHANGE_LIMIT_MS = 60_000;
const random = (): string => randomBytes(32).toString('base64url');

/** A channel that signs in at a consent screen, and how. Refuses, in Indonesian, where there is none. */
export function connectOf(deps: FlowDeps, channelId: string): { channel: Channel; connect: Connect<unknown> } {
  const channel = findChannel(deps.config, channelId);
  if (!channel) throw new Error(`tidak ada kanal "${channelId}" yang baik dan diaktifkan; periksa dengan: kanal check`);
  const adapter = deps.adapters[channel.adapter];
  const connect = adapter?.connect as Connect<unknown> | undefined;
  const next = adapter?.setup?.[0]?.next ?? '';
  if (!connect)
    throw new Error(`kanal ${channelId} (${channel.adapter}) tidak dihubungkan lewat layar persetujuan. ${next}`);
  if (channel.settings === undefined)
    throw new Error(
      `kanal ${channelId} dikerjakan petugas dan belum punya settings; isi settings di ${channel.file} dahulu`,
    );
  const reason = connect.unable?.(channel.settings) ?? null;
  if (reason !== null) throw new Error(`kanal ${channelId}: ${reason}`);
  return { channel, connect };
}

/** Makes the address of the consent screen, with a state and a verifier that nobody else knows (RFC 7636). */
export function beginConnect(deps: FlowDeps, channelId: string, redirectUri: string): Attempt {
  const { channel, connect } = connectOf(deps, channelId);
  const [state, verifier] = [random(), random()];
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const url = connect.authorize(channel.settings, { redirectUri, state, challenge });
  return { channel, url, redirectUri, state, verifier };
}

/** Is this the answer to our question? One without a state was typed by the person who asked. */
export const isAnswerTo = ({ state }: Attempt, answer: ConsentAnswer): boolean =>
  answer.state !== undefined && sameText(answer.state, state);

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Takes the answer: the code for tokens, kept encrypted under the row lock. Cursor and history stay; what waited for the
 * account goes on. Throws an Error for the operator that says what to mend.
 */
export async function finishConnect(
  deps: FlowDeps,
  actor: Actor,
  attempt: Attempt,
  answer: ConsentAnswer,
): Promise<Connection> {
  if (!canHub(actor, 'operate')) throw new Refusal('forbidden', 'your roles do not allow "operate"');
  const code = codeOf(deps, attempt, answer);
  const { channel, redirectUri, verifier } = attempt;
  const { connect } = connectOf(deps, channel.id);
  const context = channelContext(deps, channel, { signal: AbortSignal.timeout(EXCHANGE_LIMIT_MS) });
  const connected = await connect.exchange({ code, redirectUri, verifier }, context);
  mustBeOurs(channel, connected);
  await context.store.update(CONNECTION_KEY, async () => connected.tokens);
  const missing = connect.scopes(channel.settings).filter(({ name }) => !connected.scopes.includes(name));
  await deps.db.transaction().execute(async (tx) => {
    await clearHold(tx, channel.id);
    const data = { channelId: channel.id, scopes: connected.scopes.length, missing: missing.length };
    await trail(deps, tx, actor, 'channel.connected', data);
  });
  await recordCheck(deps, channel.id);
  for (const stage of ['publish', 'reconcile', 'normalise', 'poll'] as const) await deps.wake(stage, channel.id);
  const account = connected.account?.name ?? connected.account?.id;
  return {
    ...{ scopes: connected.scopes, missing, ...(account && { account }) },
    ...(connected.expiresAt && { expiresAt: connected.expiresAt }),
  };
}

function codeOf(deps: FlowDeps, attempt: Attempt, answer: ConsentAnswer): string {
  if (answer.error) throw new ChannelError('auth', explainRefusal(answer.error), { code: answer.error.slice(0, 60) });
  const { connect } = connectOf(deps, attempt.channel.id);
  // Without a state only the verifier shows that a code is the answer to our question.
  const typed = answer.state === undefined && connect.pkce;
  if (!typed && !isAnswerTo(attempt, answer))
    throw new ChannelError(
      'auth',
      'Alamat ini bukan jawaban untuk permintaan yang baru saja dibuat. Tempelkan seluruh alamat yang tampil sesudah menyetujui, atau ulangi dari awal.',
    );
  if (!answer.code) throw new ChannelError('auth', 'Di alamat itu tidak ada kode. Ulangi dari awal.');
  return answer.code;
}

/** The wrong page or account was picked: its tokens are not kept. */
function mustBeOurs({ id, account }: Channel, connected: Connected): void {
  const given = connected.account?.id;
  if (given === undefined || given === account) return;
  const name = connected.account?.name ? ` (${connected.account.name})` : '';
  throw new ChannelError(
    'auth',
    `Yang dihubungkan akun ${given}${name}, sedangkan berkas kanal ${id} berisi account ${account}. Ulangi dan pilih akun yang benar, atau tulis account: "${given}" di berkas itu lalu hubungkan lagi.`,
    { code: 'wrong_account' },
  );
}
