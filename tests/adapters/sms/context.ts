import type { ChannelContext, ChannelStore, Http, Item, Reply } from '#contract';
import sms from '../../../adapters/sms/index.ts';
import type { Settings } from '../../../adapters/sms/settings.ts';
import { kitTokens } from '../../kit/context.ts';

export const OURS = '+6281100001234';
export const CITIZEN = '+6281255512345';

/** A channel's context with the machine's own clock, unless another is given. */
export function contextOf(
  given: Record<string, unknown>,
  about: {
    http?: Http;
    now?: () => Date;
    deadline?: Date;
    signal?: AbortSignal;
    secrets?: Record<string, string>;
    store?: ChannelStore;
  } = {},
): ChannelContext<Settings> {
  const { http = () => Promise.reject(new Error('nobody is asked here')), now = () => new Date() } = about;
  const nothing = () => {};
  return {
    channel: { id: 'sms', account: OURS },
    settings: sms.settings.parse(given) as Settings,
    secret: async (ref) => about.secrets?.[ref.slice(2, -1)] ?? 'kunci-rahasia-uji',
    now,
    signal: about.signal ?? new AbortController().signal,
    ...(about.deadline && { deadline: about.deadline }),
    http,
    store: about.store ?? { get: async () => undefined, update: async (_, change) => change(undefined) },
    tokens: kitTokens,
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  };
}

export const replyTo = (threadId: string, text: string, about: Partial<Reply> = {}): Reply => ({
  ...{ key: '0199f000-aaaa-7bbb-8ccc-0123456789ab', attempt: 1, kind: 'answer', text, files: [] },
  ...{ target: { objectId: 'sms-1', threadId, surface: 'message' }, firstAttemptAt: new Date(), ...about },
});

export const itemOf = async (raw: string | Uint8Array, settings: Record<string, unknown>): Promise<Item | null> =>
  sms.normalise(raw, {
    ...{ channel: { id: 'sms', account: OURS }, settings: sms.settings.parse(settings), tokens: kitTokens },
    receivedAt: new Date('2026-11-24T02:00:00.000Z'),
  });
