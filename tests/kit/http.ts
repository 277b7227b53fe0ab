import { type IncomingMessage, request } from 'node:http';
import { ChannelError, type Http, type HttpPart, type HttpRequest, type HttpResponse, type Json } from '#contract';

/**
 * The kit's own outgoing HTTP, by the promises of `Http`. It talks to the stand-in only: an adapter that asks for
 * another address has one that is no setting.
 */
export function kitHttp(origin: string, signal: AbortSignal): Http {
  return async (asked) => {
    const url = addressOf(asked);
    if (url.origin !== origin)
      throw new Error(`The adapter asked for ${url.origin}, which is no address of its settings`);
    const { body, type } = contentOf(asked);
    const headers = { ...(type && { 'content-type': type }), ...asked.headers, 'content-length': String(body.length) };
    return exchange(url, asked, headers, body, signal);
  };
}

function addressOf({ url, query = {} }: HttpRequest): URL {
  const address = new URL(url);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) address.searchParams.set(name, `${value}`);
  return address;
}

function contentOf({ json, form, parts, bytes }: HttpRequest): { body: Buffer; type?: string } {
  if (json !== undefined) return { body: Buffer.from(JSON.stringify(json)), type: 'application/json' };
  if (form)
    return { body: Buffer.from(new URLSearchParams(form).toString()), type: 'application/x-www-form-urlencoded' };
  if (parts) return multipart(parts);
  return { body: Buffer.from(bytes ?? new Uint8Array()) };
}

function multipart(parts: readonly HttpPart[]): { body: Buffer; type: string } {
  const edge = 'kit-edge-7f3a';
  const chunks = parts.flatMap(({ name, value, filename, mime }) => [
    `--${edge}\r\ncontent-disposition: form-data; name="${name}"${filename ? `; filename="${filename}"` : ''}\r\n`,
    `${mime ? `content-type: ${mime}\r\n` : ''}\r\n`,
    value,
    '\r\n',
  ]);
  const body = Buffer.concat([...chunks, `--${edge}--\r\n`].map((chunk) => Buffer.from(chunk as Uint8Array)));
  return { body, type: `multipart/form-data; boundary=${edge}` };
}

function exchange(url: URL, asked: HttpRequest, headers: Record<string, string>, body: Buffer, signal: AbortSignal) {
  return new Promise<HttpResponse>((done, fail) => {
    let connected = false;
    const outgoing = request(url, { method: asked.method ?? 'GET', headers, agent: false, signal });
    const deadline = setTimeout(() => outgoing.destroy(), asked.timeoutMs ?? 20_000);
    const broken = () =>
      fail(new ChannelError('retry', `${url.pathname}: the connection broke`, { nothingSent: !connected }));
    outgoing.on('socket', (socket) => socket.once('connect', () => (connected = true)));
    outgoing.on('error', broken);
    outgoing.on('close', () => clearTimeout(deadline));
    outgoing.on('response', (incoming) => collect(incoming, url).then(done, broken));
    outgoing.end(body);
  });
}

async function collect(incoming: IncomingMessage, url: URL): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  const text = () => new TextDecoder().decode(bytes);
  return {
    status: incoming.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    bytes,
    text,
    json: () => jsonOf(text(), url),
  };
}

function jsonOf(text: string, url: URL): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new ChannelError('retry', `${url.pathname}: the answer is not JSON`);
  }
}
