import { createHmac } from 'node:crypto';
import { GraphFailure, invalid } from './errors.ts';
import type { MetaSettings, PageSettings } from './options.ts';

export const PAGE_SCOPES = [
  'pages_show_list', 'pages_read_engagement', 'pages_read_user_content', 'pages_manage_engagement',
  'pages_manage_metadata', 'pages_messaging', 'instagram_basic', 'instagram_manage_comments',
  'instagram_manage_messages', 'whatsapp_business_messaging', 'whatsapp_business_management',
]; // biome-ignore format: one glance

export interface Token {
  value: string;
  /** Page, or the number of a WhatsApp account. */
  account: string;
  scopes: string[];
  /** Set: it is dead, with this subcode of 190. */
  dead?: number;
  /** Seconds since 1970; 0: never. */
  expiresAt: number;
  dataUntil: number;
}

/** Who may do what. Tests kill tokens, take scopes away, and put new tokens in their place. */
export class Access {
  readonly tokens = new Map<string, Token>();
  readonly #settings: MetaSettings;

  readonly #isPerson: (token: string) => boolean;

  /** `isPerson`: is it a token of somebody who has agreed at the consent screen? */
  constructor(settings: MetaSettings, isPerson: (token: string) => boolean) {
    this.#settings = settings;
    this.#isPerson = isPerson;
    for (const one of [...settings.pages, ...settings.phones]) this.give(one);
  }

  give({ id, token }: Pick<PageSettings, 'id' | 'token'>): Token {
    const given = { value: token, account: id, scopes: [...PAGE_SCOPES], expiresAt: 0, dataUntil: 0 };
    this.tokens.set(token, given);
    return given;
  }

  /** Every token of this account is dead from now on. */
  kill(account: string, subcode = 463): void {
    for (const token of this.tokens.values()) if (token.account === account) token.dead = subcode;
  }

  isApp(value: string): boolean {
    return value === `${this.#settings.appId}|${this.#settings.appSecret}`;
  }

  /** The token of a call, with its proof. */
  tokenOf(headers: Readonly<Record<string, unknown>>, query: URLSearchParams): Token | 'app' {
    const value = /^Bearer (.+)$/.exec(String(headers.authorization ?? ''))?.[1] ?? query.get('access_token') ?? '';
    if (value === '') throw new GraphFailure(2500, undefined, { message: 'An active access token must be used' });
    const proof = createHmac('sha256', this.#settings.appSecret).update(value).digest('hex');
    if (query.get('appsecret_proof') !== proof) throw invalid('Invalid appsecret_proof provided in the API argument');
    if (this.isApp(value)) return 'app';
    if (this.#isPerson(value)) return { value, account: 'person', scopes: [], expiresAt: 0, dataUntil: 0 };
    const token = this.tokens.get(value);
    if (!token) throw new GraphFailure(190, 467, { status: 401, message: 'Invalid OAuth access token' });
    if (token.dead !== undefined)
      throw new GraphFailure(190, token.dead, { status: 401, message: 'The token has died' });
    return token;
  }
}

export function needs(token: Token | 'app', scope: string): Token {
  if (token === 'app') throw new GraphFailure(1705, undefined, { message: 'A page token is needed here' });
  if (!token.scopes.includes(scope)) throw new GraphFailure(10, undefined, { message: `(#10) needs ${scope}` });
  return token;
}
