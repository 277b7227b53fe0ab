import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Signer {
  consumerKey: string;
  consumerSecret: string;
  accessToken: string;
  accessSecret: string;
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Is this request signed by this account's keys? RFC 5849 section 3.4, HMAC-SHA1; a JSON body is not part of it. */
export function isSigned(method: string, url: string, header: string, signer: Signer): boolean {
  const fields = [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']): [string, string] => [
    name,
    decodeURIComponent(value),
  ]);
  const given = new Map(fields);
  if (given.get('oauth_consumer_key') !== signer.consumerKey || given.get('oauth_token') !== signer.accessToken)
    return false;
  const { origin, pathname, searchParams } = new URL(url);
  const all = [...searchParams, ...fields.filter(([name]) => name.startsWith('oauth_') && name !== 'oauth_signature')]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const base = [method, origin + pathname, all].map(encoded).join('&');
  const key = `${encoded(signer.consumerSecret)}&${encoded(signer.accessSecret)}`;
  const wanted = createHmac('sha1', key).update(base).digest();
  const offered = Buffer.from(given.get('oauth_signature') ?? '', 'base64');
  return offered.length === wanted.length && timingSafeEqual(offered, wanted);
}
