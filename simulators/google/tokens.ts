import { randomBytes } from 'node:crypto';
import { type Answer, type Asked, json } from '../app/respond.ts';
import { Consent } from '../consent/index.ts';

export interface TokenSettings {
  clientId: string;
  redirectUris: readonly string[];
  clientSecret: string;
  refreshToken: string;
  /** How long an access token is good, in seconds. */
  tokenSeconds: number;
  scope: string;
}

/** The token endpoint. Access tokens end; the refresh token stays until it is cut off. */
export class Tokens {
  /** How often the hub has asked. */
  given = 0;
  /** The refresh token is dead: revoked, or seven days old in testing. */
  revoked = false;
  readonly consent: Consent;
  readonly #settings: TokenSettings;
  readonly #good = new Map<string, number>();
  readonly #refresh = new Set<string>();
  #scope: string;

  constructor(settings: TokenSettings) {
    this.#settings = settings;
    this.#scope = settings.scope;
    this.#refresh.add(settings.refreshToken);
    this.consent = new Consent(settings);
  }

  answer({ body }: Asked): Answer {
    const form = new URLSearchParams(body.toString());
    if (form.get('client_secret') !== this.#settings.clientSecret) return json(401, { error: 'invalid_client' });
    if (form.get('grant_type') === 'authorization_code') return this.#exchange(form);
    if (this.revoked || !this.#refresh.has(form.get('refresh_token') ?? ''))
      return json(400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' });
    return this.#give();
  }

  /** A new consent is good whatever became of the ones before. */
  #exchange(form: URLSearchParams): Answer {
    const [code, redirectUri] = [form.get('code') ?? '', form.get('redirect_uri') ?? ''];
    const scopes = this.consent.redeem({ code, redirectUri, verifier: form.get('code_verifier') ?? undefined });
    if (scopes === 'invalid_grant') return json(400, { error: 'invalid_grant', error_description: 'Bad Request' });
    const refresh = `1//sim-${randomBytes(12).toString('base64url')}`;
    this.#scope = scopes.join(' ');
    this.#refresh.add(refresh);
    this.revoked = false;
    return this.#give({ refresh_token: refresh });
  }

  #give(more: Record<string, string> = {}): Answer {
    const { tokenSeconds } = this.#settings;
    this.given += 1;
    const value = `ya29.sim-${randomBytes(12).toString('base64url')}`;
    this.#good.set(value, Date.now() + tokenSeconds * 1_000);
    return json(200, {
      ...{ access_token: value, expires_in: tokenSeconds, scope: this.#scope, token_type: 'Bearer' },
      ...more,
    });
  }

  /** Everything given so far is dead. */
  forget(): void {
    this.#good.clear();
  }

  isGood({ headers }: Pick<Asked, 'headers'>): boolean {
    const value = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    return (this.#good.get(value) ?? 0) > Date.now();
  }
}
