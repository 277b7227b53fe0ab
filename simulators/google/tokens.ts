import { randomBytes } from 'node:crypto';
import { type Answer, type Asked, json } from '../app/respond.ts';

export interface TokenSettings {
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
  readonly #settings: TokenSettings;
  readonly #good = new Map<string, number>();

  constructor(settings: TokenSettings) {
    this.#settings = settings;
  }

  answer({ body }: Asked): Answer {
    const form = new URLSearchParams(body.toString());
    const { clientSecret, refreshToken, tokenSeconds, scope } = this.#settings;
    if (form.get('client_secret') !== clientSecret) return json(401, { error: 'invalid_client' });
    if (this.revoked || form.get('refresh_token') !== refreshToken)
      return json(400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' });
    this.given += 1;
    const value = `ya29.sim-${randomBytes(12).toString('base64url')}`;
    this.#good.set(value, Date.now() + tokenSeconds * 1_000);
    return json(200, { access_token: value, expires_in: tokenSeconds, scope, token_type: 'Bearer' });
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
