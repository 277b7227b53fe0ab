import type { Token } from './access.ts';
import { GraphFailure, invalid } from './errors.ts';
import { type GraphCall, type GraphRoutes, type Parts, text } from './parts.ts';

/** `debug_token`, and who is subscribed to what. */
export const tokenRoutes: GraphRoutes = [
  ['GET', /^\/debug_token$/, (parts, call) => debug(parts, call)],
  ['GET', /^\/(\d+)\/subscriptions$/, (parts, call) => appSubscriptions(parts, call)],
  ['GET', /^\/(\w+)\/subscribed_apps$/, (parts, call) => assetSubscriptions(parts, call)],
  ['POST', /^\/(\w+)\/subscribed_apps$/, (parts, call) => subscribe(parts, call)],
];

function debug(parts: Parts, { fields, token }: GraphCall) {
  if (token !== 'app') throw new GraphFailure(190, undefined, { message: 'debug_token takes the token of the app' });
  const found = parts.access.tokens.get(text(fields.input_token));
  if (!found)
    return { data: { is_valid: false, error: { code: 190, subcode: 467, message: 'Unknown token' }, scopes: [] } };
  return { data: stateOf(parts, found) };
}

function stateOf({ settings }: Parts, token: Token) {
  const error =
    token.dead === undefined ? {} : { error: { code: 190, subcode: token.dead, message: 'The token has died' } };
  return {
    ...{
      app_id: settings.appId,
      type: 'PAGE',
      is_valid: token.dead === undefined,
      profile_id: token.account,
      ...error,
    },
    ...{ expires_at: token.expiresAt, data_access_expires_at: token.dataUntil, scopes: token.scopes },
    granular_scopes: token.scopes.map((scope) => ({ scope, target_ids: [token.account] })),
  };
}

function appSubscriptions({ subscriptions }: Parts, { token }: GraphCall) {
  if (token !== 'app') throw new GraphFailure(190, undefined, { message: 'Takes the token of the app' });
  const data = [...subscriptions.app].map(([object, fields]) => ({
    ...{ object, active: true, callback_url: 'https://hub.example/hooks/meta' },
    fields: fields.map((name) => ({ name, version: 'v26.0' })),
  }));
  return { data };
}

function assetSubscriptions({ subscriptions, settings }: Parts, { caught: [asset = ''] }: GraphCall) {
  const fields = subscriptions.assets.get(asset);
  return { data: fields ? [{ id: settings.appId, name: 'Kanal Aduan', subscribed_fields: fields }] : [] };
}

function subscribe({ subscriptions }: Parts, { caught: [asset = ''], fields }: GraphCall) {
  const wanted = text(fields.subscribed_fields).split(',').filter(Boolean);
  if (fields.subscribed_fields !== undefined && wanted.length === 0) throw invalid('subscribed_fields is empty');
  subscriptions.assets.set(asset, wanted);
  return { success: true };
}
