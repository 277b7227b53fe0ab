import { randomBytes } from 'node:crypto';
import { type Answer, type Asked, json } from '../app/respond.ts';
import { Consent } from '../consent/index.ts';
import { isSigned } from './oauth1.ts';
import type { XSettings } from './options.ts';

const INVALID = { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' };

/** Who may ask. Refresh tokens are used once; one that comes again ends the whole family. */
export class Access {
  /** How often a pair was given. */
  given = 0;
  /** How often a used refresh token came again. */
  reused = 0;
  #settings: XSettings;
  #now: () => number;
  #refresh: string | null;
  readonly consent: Consent;
  #scope = 'tweet.read users.read tweet.write media.write dm.read dm.write offline.access';
  #used = new Set<string>();
  #good = new Map<string, number>();

  constructor(settings: XSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
    this.#refresh = settings.refreshToken;
    this.consent = new Consent(settings);
  }

  /** Takes a form or JSON, as libraries send either. */
  answer({ body, headers }: Asked): Answer {
    const { clientId, clientSecret } = this.#settings;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    if (headers.authorization !== `Basic ${basic}`) return json(401, { error: 'unauthorized_client' });
    const text = body.toString();
    const form = new Map(text.startsWith('{') ? Object.entries(JSON.parse(text)) : new URLSearchParams(text));
    if (form.get('grant_type') === 'authorization_code')
      return this.#exchange(new Map([...form].map(([name, value]) => [name, String(value)])));
    const refresh = String(form.get('refresh_token'));
    if (this.#used.has(refresh)) {
      this.reused += 1;
      this.revoke();
    }
    if (this.#refresh === null || refresh !== this.#refresh) return json(400, INVALID);
    this.#used.add(refresh);
    return json(200, this.give());
  }

  /** Another consent begins another family. */
  #exchange(form: ReadonlyMap<string, string>): Answer {
    const [code = '', redirectUri = '', verifier = ''] = ['code', 'redirect_uri', 'code_verifier'].map((one) =>
      form.get(one),
    );
    const scopes = this.consent.redeem({ code, redirectUri, verifier });
    if (scopes === 'invalid_grant') return json(400, INVALID);
    this.#scope = scopes.join(' ');
    return json(200, this.give());
  }

  /** A new pair; the one before it is over. */
  give() {
    const { tokenSeconds } = this.#settings;
    this.given += 1;
    this.#refresh = `sim-rt-${randomBytes(12).toString('hex')}`;
    const access_token = `sim-at-${randomBytes(12).toString('hex')}`;
    this.#good.set(access_token, this.#now() + tokenSeconds * 1_000);
    const scope = this.#scope;
    return { token_type: 'bearer', expires_in: tokenSeconds, access_token, refresh_token: this.#refresh, scope };
  }

  /** Everything given so far is dead. */
  revoke(): void {
    this.#refresh = null;
    this.#good.clear();
  }

  /** Access tokens given so far are dead, and can be asked for again. */
  forget(): void {
    this.#good.clear();
  }

  /** How many access tokens are good: of a valid pair there is one refresh token and at least one of these. */
  get alive(): { refresh: boolean; access: number } {
    const good = [...this.#good.values()].filter((until) => until > this.#now());
    return { refresh: this.#refresh !== null, access: good.length };
  }

  isAccount({ method, headers }: Pick<Asked, 'method' | 'headers'>, url: string): boolean {
    const header = headers.authorization ?? '';
    if (header.startsWith('OAuth ')) return isSigned(method, url, header, this.#settings);
    return (this.#good.get(header.replace(/^Bearer /, '')) ?? 0) > this.#now();
  }

  isApp({ headers }: Pick<Asked, 'headers'>): boolean {
    return headers.authorization === `Bearer ${this.#settings.bearer}`;
  }
}
