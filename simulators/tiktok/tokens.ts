import { randomBytes } from 'node:crypto';
import type { Answer, Asked } from '../app/respond.ts';
import { Consent } from '../consent/index.ts';
import { envelope, failure } from './envelope.ts';
import type { Manners, TiktokSettings } from './options.ts';

const YEAR_S = 31_536_000;

/** Tokens and the consent screen. Access tokens end after a day; the refresh token may be good only once. */
export class Tokens {
  /** How often the hub has asked, and how often with a refresh token that was over. */
  given = 0;
  refused = 0;
  /** The account's owner has withdrawn the app. */
  revoked = false;
  readonly consent: Consent;
  readonly #settings: TiktokSettings;
  readonly #manners: Manners;
  readonly #good = new Map<string, number>();
  #refresh: string;
  #scope = 'user.info.basic,video.list,comment.list,comment.list.manage';

  constructor(settings: TiktokSettings, manners: Manners) {
    this.#settings = settings;
    this.#manners = manners;
    this.#refresh = settings.refreshToken;
    this.consent = new Consent({ ...settings, clientParam: 'client_key' });
  }

  answer({ path, body }: Asked): Answer {
    const given = JSON.parse(body.toString()) as Record<string, string>;
    if (!this.consent.isClient(given.client_id, given.client_secret)) return failure(40002, 'Invalid client_secret');
    return path.endsWith('/refresh_token/') ? this.#renew(given) : this.#exchange(given);
  }

  #renew({ refresh_token: token }: Record<string, string>): Answer {
    if (this.revoked || token !== this.#refresh) {
      this.refused += 1;
      return failure(40105, 'The refresh token is incorrect or has been revoked');
    }
    if (this.#manners.rotate) this.#refresh = `rft.sim-${randomBytes(9).toString('base64url')}`;
    return this.#give();
  }

  #exchange({ auth_code: code = '', redirect_uri: redirectUri = '' }: Record<string, string>): Answer {
    const scopes = this.consent.redeem({ code, redirectUri });
    if (scopes === 'invalid_grant') return failure(40002, 'The auth_code is invalid or expired');
    this.#scope = scopes.join(',');
    this.#refresh = `rft.sim-${randomBytes(9).toString('base64url')}`;
    this.revoked = false;
    return this.#give();
  }

  #give(): Answer {
    this.given += 1;
    const { tokenSeconds, account } = this.#settings;
    const access = `act.sim-${randomBytes(12).toString('base64url')}`;
    this.#good.set(access, Date.now() + tokenSeconds * 1_000);
    const refresh = { refresh_token: this.#refresh, refresh_token_expires_in: YEAR_S };
    const about = { open_id: account, scope: this.#scope, token_type: 'Bearer' };
    return envelope({ access_token: access, expires_in: tokenSeconds, ...refresh, ...about });
  }

  /** Everything given so far is dead. */
  forget(): void {
    this.#good.clear();
  }

  isGood({ headers }: Pick<Asked, 'headers'>): boolean {
    return !this.revoked && (this.#good.get(String(headers['access-token'])) ?? 0) > Date.now();
  }
}
