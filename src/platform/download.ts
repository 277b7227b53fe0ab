import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ChannelError, type FetchedMedia, httpError } from '#contract';
import { createHttp } from './http.ts';

export interface DownloadOptions {
  maxBytes: number;
  signal: AbortSignal;
  /** `host` or `host:port` that may be private: a platform on the same network, or a simulator. */
  allowHosts?: readonly string[];
  /** Over all redirects together. Default 30 s. */
  timeoutMs?: number;
}

const MAX_REDIRECTS = 3;

/**
 * Fetches a file from an address that came from outside, without credentials. Refuses every address that is not public
 * (private, loopback, link-local, carrier-grade NAT, multicast, IPv6 forms of them): otherwise a citizen could make the
 * hub read the office's own network. What is checked is the address connected to, not a look-up before it; each
 * redirect is checked again.
 *
 * Throws ChannelError: `refused` when it will never work, `retry` or `throttled` when it may work later.
 */
export async function download(url: string, options: DownloadOptions): Promise<FetchedMedia> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs ?? 30_000)]);
  let address = parse(url);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await get(address, options, signal);
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status >= 400 || !location) return toMedia(address, answer);
    address = parse(location, address);
  }
  throw refuse(`${address.host} redirects more than ${MAX_REDIRECTS} times`, 'invalid');
}

type Answer = Awaited<ReturnType<ReturnType<typeof createHttp>>>;

async function get(address: URL, options: DownloadOptions, signal: AbortSignal): Promise<Answer> {
  const allowed = options.allowHosts?.some((host) => host === address.host || host === address.hostname) ?? false;
  if (!allowed) checkLiteral(address);
  // Connections of their own: a shared one could have been made by someone who may reach private addresses.
  const settings = allowed ? {} : { lookup: publicLookup };
  const agents = { http: new http.Agent(settings), https: new https.Agent(settings) };
  const timeoutMs = options.timeoutMs ?? 30_000;
  // Unpacked, a file would not be the one that was sent; and its size would not be the one announced.
  const headers = { 'accept-encoding': 'identity' };
  try {
    return await createHttp({ signal, agents })({ url: address.href, headers, maxBytes: options.maxBytes, timeoutMs });
  } catch (error) {
    throw plain(error, address, options.maxBytes);
  }
}

/** A refusal of ours (an address, a size) will not change by trying again. */
function plain(error: unknown, { host }: URL, maxBytes: number): unknown {
  if (!(error instanceof ChannelError)) return error;
  if (error.code === NOT_PUBLIC) return refuse(`${host} is not a public address`, 'forbidden');
  if (error.message.includes('larger than accepted'))
    return refuse(`a file at ${host} is larger than ${maxBytes} bytes`, 'content');
  return error;
}

function toMedia(address: URL, answer: Answer): FetchedMedia {
  const error = httpError(answer, new Date(), `GET ${address.host}${address.pathname}`);
  if (error) throw error;
  const mime = answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const name = nameIn(answer.headers['content-disposition']) ?? lastPart(address);
  return { bytes: answer.bytes, ...(mime && { mime }), ...(name && { name }) };
}

/** `filename*=UTF-8''…` before `filename="…"` (RFC 6266). The name is not safe yet. */
function nameIn(disposition = ''): string | undefined {
  const extended = /filename\*\s*=\s*UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const simple = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(disposition);
  return (extended && decoded(extended.trim())) || (simple?.[1] ?? simple?.[2])?.trim() || undefined;
}

const lastPart = (address: URL): string | undefined => decoded(address.pathname.split('/').at(-1) ?? '') || undefined;

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function parse(url: string, base?: URL): URL {
  const address = URL.parse(url, base?.href);
  if (!address || !/^https?:$/.test(address.protocol)) throw refuse('a file has no http or https address', 'invalid');
  address.username = '';
  address.password = '';
  return address;
}

const refuse = (what: string, reason: 'invalid' | 'forbidden' | 'content'): ChannelError =>
  new ChannelError('refused', `${what}; it was not fetched`, { reason });

const NOT_PUBLIC = 'KANAL_NOT_PUBLIC';

/** An address in figures is connected to without any look-up. The URL parser has already made `0x7f.1` into 127.0.0.1. */
function checkLiteral({ hostname, host }: URL): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) && !isPublic(bare)) throw refuse(`${host} is not a public address`, 'forbidden');
}

export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Like dns.lookup, but gives only public addresses; the connection is made to what it gives. */
function publicLookup(hostname: string, options: LookupOptions, found: Found): void {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return found(error, []);
    const usable = addresses.filter(({ address }) => isPublic(address));
    const [first] = usable;
    if (!first) return found(Object.assign(new Error('not a public address'), { code: NOT_PUBLIC }), []);
    return options.all ? found(null, usable) : found(null, first.address, first.family);
  });
}
