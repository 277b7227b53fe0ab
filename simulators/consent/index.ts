import { createHash, randomBytes } from 'node:crypto';
import { safe } from '../app/page.ts';
import type { Answer, Asked } from '../app/respond.ts';

export interface ConsentSettings {
  clientId: string;
  clientSecret: string;
  /** Addresses that the app has registered; none: any. */
  redirectUris?: readonly string[];
  /** The parameter that names the client: TikTok calls it otherwise. */
  clientParam?: string;
  /** The app is in testing: only people on its list may agree. */
  testing?: boolean;
}

interface Granted {
  redirectUri: string;
  challenge: string;
  scopes: string[];
}

/**
 * A consent screen (OAuth 2.0, authorization code, PKCE). `GET <authorize>` shows it; `&_decide=allow` or `deny` is what
 * its buttons send.
 */
export class Consent {
  /** Scopes that the administrator does not tick. */
  readonly withheld = new Set<string>();
  /** What the platform answers instead of asking: `invalid_scope`, `temporarily_unavailable`, ... */
  refusal: string | undefined;
  testing: boolean;
  readonly #settings: ConsentSettings;
  readonly #codes = new Map<string, Granted>();

  constructor(settings: ConsentSettings) {
    this.#settings = settings;
    this.testing = settings.testing ?? false;
  }

  page({ query, path }: Pick<Asked, 'query' | 'path'>): Answer {
    const { clientId, redirectUris = [], clientParam = 'client_id' } = this.#settings;
    const redirectUri = query.get('redirect_uri') ?? '';
    if (query.get(clientParam) !== clientId) return shown(401, 'invalid_client: The OAuth client was not found.');
    if (redirectUris.length > 0 && !redirectUris.includes(redirectUri)) return shown(400, 'redirect_uri_mismatch');
    const state = query.get('state') ?? '';
    if (this.testing) return shown(403, 'access_denied: the app is in testing, and this account is no test user.');
    if (this.refusal) return back(redirectUri, { error: this.refusal, state });
    const decided = query.get('_decide');
    if (decided === 'deny') return back(redirectUri, { error: 'access_denied', state });
    if (decided !== 'allow') return asking(path, query);
    return back(redirectUri, { code: this.#grant(redirectUri, query), state });
  }

  #grant(redirectUri: string, query: URLSearchParams): string {
    const code = `sim-${randomBytes(12).toString('base64url')}`;
    const asked = (query.get('scope') ?? '').split(/[ ,]/).filter(Boolean);
    const scopes = asked.filter((scope) => !this.withheld.has(scope));
    this.#codes.set(code, { redirectUri, challenge: query.get('code_challenge') ?? '', scopes });
    return code;
  }

  isClient(id: unknown, secret: unknown): boolean {
    return id === this.#settings.clientId && secret === this.#settings.clientSecret;
  }

  /** A code is good once, for the address and the verifier it was made for. Gives the scopes, or OAuth's word for why not. */
  redeem(given: { code: string; redirectUri: string; verifier?: string | undefined }): string[] | 'invalid_grant' {
    const granted = this.#codes.get(given.code);
    this.#codes.delete(given.code);
    const proof = createHash('sha256')
      .update(given.verifier ?? '')
      .digest('base64url');
    const fits = granted?.redirectUri === given.redirectUri && (!granted.challenge || granted.challenge === proof);
    return granted && fits ? granted.scopes : 'invalid_grant';
  }
}

function back(redirectUri: string, query: Record<string, string>): Answer {
  const url = new URL(redirectUri);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return { status: 302, headers: { location: url.href }, body: '' };
}

const HTML = 'text/html; charset=utf-8';
const shown = (status: number, words: string): Answer => ({
  ...{ status, type: HTML },
  body: `<!doctype html><title>Gagal</title><p>${safe(words)}</p>`,
});

function asking(path: string, query: URLSearchParams): Answer {
  const to = (decision: string) => safe(`${path}?${query}&_decide=${decision}`);
  const scopes = (query.get('scope') ?? '').split(/[ ,]/).filter(Boolean);
  const body = `<!doctype html><html lang="id"><meta charset="utf-8"><title>Izin (simulasi)</title>
<h1>Beri izin kepada Kanal Aduan?</h1><p>Simulasi. Tidak ada akun sungguhan.</p>
<ul>${scopes.map((scope) => `<li>${safe(scope)}</li>`).join('')}</ul>
<p><a href="${to('allow')}">Izinkan</a> · <a href="${to('deny')}">Tolak</a></p></html>`;
  return { status: 200, type: HTML, body };
}
