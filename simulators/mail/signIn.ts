import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type Asked, json, readRequest, write } from '../app/respond.ts';
import { Consent, type ConsentSettings } from '../consent/index.ts';
import type { Mailbox } from './mailbox.ts';

export interface SignInSettings extends ConsentSettings {
  mailbox: Mailbox;
  /** `microsoft`: each refresh gives another refresh token, and the one before is over. `google`: it stays. */
  like: 'google' | 'microsoft';
  /** How long an access token is good, in seconds. */
  tokenSeconds?: number;
}

/** Where the owner of a mailbox signs in, and where tokens come from. */
export class SignIn {
  /** Tokens given, and refresh tokens that were over when they were shown. */
  given = 0;
  refused = 0;
  readonly consent: Consent;
  readonly #settings: SignInSettings;
  readonly #refresh = new Set<string>();
  #scope = '';
  #url = '';
  #close: () => Promise<void> = async () => {};

  private constructor(settings: SignInSettings) {
    this.#settings = settings;
    this.consent = new Consent(settings);
  }

  static async start(settings: SignInSettings): Promise<SignIn> {
    const signIn = new SignIn(settings);
    const server = createServer((incoming, response) => void signIn.#serve(incoming, response));
    await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
    signIn.#url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    signIn.#close = () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    };
    return signIn;
  }

  get url(): string {
    return this.#url;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** The owner withdraws the app: nothing that was given is good any more. */
  revoke(): void {
    this.#refresh.clear();
    this.#settings.mailbox.tokens.clear();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(incoming, response);
    write(response, asked.path === '/token' ? this.#token(asked) : this.consent.page(asked));
  }

  #token({ body }: Asked): Answer {
    const form = new URLSearchParams(body.toString());
    if (!this.consent.isClient(form.get('client_id'), form.get('client_secret')))
      return json(401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret' });
    if (form.get('grant_type') === 'authorization_code') return this.#exchange(form);
    const token = form.get('refresh_token') ?? '';
    if (!this.#refresh.has(token)) {
      this.refused += 1;
      return json(400, { error: 'invalid_grant', error_description: 'AADSTS70008: The refresh token has expired' });
    }
    if (this.#settings.like === 'google') return this.#give();
    this.#refresh.delete(token);
    return this.#give(this.#newRefresh());
  }

  #exchange(form: URLSearchParams): Answer {
    const [code, redirectUri] = [form.get('code') ?? '', form.get('redirect_uri') ?? ''];
    const scopes = this.consent.redeem({ code, redirectUri, verifier: form.get('code_verifier') ?? undefined });
    if (scopes === 'invalid_grant') return json(400, { error: 'invalid_grant' });
    this.#scope = scopes.filter((scope) => scope !== 'offline_access').join(' ');
    return this.#give(this.#newRefresh());
  }

  #newRefresh(): string {
    const token = `sim-refresh-${randomBytes(12).toString('base64url')}`;
    this.#refresh.add(token);
    return token;
  }

  #give(refresh?: string): Answer {
    const { mailbox, tokenSeconds = 3_599 } = this.#settings;
    const access = `sim-access-${randomBytes(12).toString('base64url')}`;
    mailbox.tokens.add(access);
    this.given += 1;
    const about = { access_token: access, expires_in: tokenSeconds, scope: this.#scope, token_type: 'Bearer' };
    return json(200, { ...about, ...(refresh && { refresh_token: refresh }) });
  }
}
