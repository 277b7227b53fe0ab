import type { Handler, WireAnswer, WireRequest } from '../../kit/index.ts';
import { APP_SECRET, graphError } from './signing.ts';

export const CODE = 'AQkit-meta-code-77';
const SHORT = 'EAAkitShortUserToken';
const LONG = 'EAAkitLongUserToken';
const GRANTED = 'EAAkitGrantedPageToken';

const ok = (body: unknown): WireAnswer => ({ status: 200, body });

/** Facebook's exchange of a code: short token, long token, pages, and what the page's token may. */
export const metaConsent =
  (page: Record<string, unknown>, scopes: readonly string[]): Handler =>
  (request) => {
    const path = request.path.replace(/^\/v\d\d\.0/, '');
    if (path === '/oauth/access_token') return exchange(request);
    if (path === '/me/accounts' && request.headers.authorization === `Bearer ${LONG}`)
      return ok({ data: [{ name: 'Kabupaten Contoh', access_token: GRANTED, ...page }] });
    if (path === '/debug_token') return ok({ data: { is_valid: true, expires_at: 0, scopes } });
    return graphError(400, 2500);
  };

function exchange({ query }: WireRequest): WireAnswer {
  if (query.get('client_secret') !== APP_SECRET) return graphError(400, 101);
  if (query.get('fb_exchange_token') === SHORT) return ok({ access_token: LONG, expires_in: 5_184_000 });
  return query.get('code') === CODE ? ok({ access_token: SHORT, expires_in: 5_400 }) : graphError(400, 100, 36_009);
}
