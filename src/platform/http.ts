import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import axios, { type AxiosResponse } from 'axios';
import { ChannelError, type Http, type HttpRequest, type HttpResponse } from '#contract';
import { bodyOf } from './httpBody.ts';
import { type Fence, fence } from './httpFence.ts';

export interface HttpOptions {
  /** Epoch milliseconds from which no byte of a request may leave any more. Asked at each write. */
  deadline?: () => number;
  /** Aborts what is under way. */
  signal?: AbortSignal;
  /** Takes secrets out of an error's text. */
  scrub?: (text: string) => string;
  /** Connections to use instead of the shared ones. */
  agents?: HttpAgents;
}

export interface HttpAgents {
  http: http.Agent;
  https: https.Agent;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;

const kept = { keepAlive: true, maxFreeSockets: 64, timeout: 60_000 };
const shared: HttpAgents = { http: new http.Agent(kept), https: new https.Agent(kept) };

/** See `Http` in the contract. One for each call of an adapter: the deadline and the signal are that call's. */
export function createHttp(options: HttpOptions = {}): Http {
  return async (request) => {
    const call = new Call(request, options);
    try {
      return answerOf(await call.run(), call.what);
    } catch (error) {
      throw call.explain(error);
    } finally {
      call.end();
    }
  };
}

/** One request under way. */
class Call {
  /** Method, host and path: what messages may name. Never the query. */
  readonly what: string;
  #request: HttpRequest;
  #options: HttpOptions;
  #url: URL;
  #stop = new AbortController();
  #stopped: string | undefined;
  #timer: NodeJS.Timeout;
  #fence: Fence = { sent: false, tripped: false };

  constructor(request: HttpRequest, options: HttpOptions) {
    this.#request = request;
    this.#options = options;
    this.#url = addressOf(request);
    this.what = this.#scrub(`${request.method ?? 'GET'} ${this.#url.host}${this.#url.pathname}`);
    const timeoutMs = request.timeoutMs ?? TIMEOUT_MS;
    this.#timer = setTimeout(() => this.#abort(`no full answer within ${timeoutMs} ms`), timeoutMs);
    options.signal?.addEventListener('abort', this.#onAbort);
    if (options.signal?.aborted) this.#onAbort();
  }

  async run(): Promise<AxiosResponse<Buffer>> {
    const { data, contentType } = await bodyOf(this.#request);
    const agents = this.#options.agents ?? shared;
    return axios.request<Buffer>({
      url: this.#url.href,
      method: this.#request.method ?? 'GET',
      headers: {
        accept: '*/*',
        'user-agent': 'kanal-aduan',
        // `false`: axios must not invent a type for bytes that have none.
        'content-type': contentType ?? false,
        ...this.#request.headers,
      },
      ...(data && { data }),
      transport: { request: this.#transport },
      httpAgent: agents.http,
      httpsAgent: agents.https,
      responseType: 'arraybuffer',
      maxRedirects: 0,
      maxContentLength: this.#request.maxBytes ?? MAX_BYTES,
      maxBodyLength: Number.POSITIVE_INFINITY,
      validateStatus: () => true,
      proxy: false,
      signal: this.#stop.signal,
    });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }

  /** Only what is certain counts as `nothingSent`: no byte was handed over, or the connection was never made. */
  explain(error: unknown): unknown {
    if (!axios.isAxiosError(error)) return error;
    const cause = (error.cause ?? error) as NodeJS.ErrnoException;
    const nothingSent = !this.#fence.sent || failedToConnect(cause);
    const why = this.#fence.tripped
      ? 'the time to send was over'
      : (this.#stopped ?? this.#scrub(reasonOf(error, cause)));
    const tail = nothingSent ? 'nothing was sent' : 'it may have arrived';
    return new ChannelError('retry', `${this.what}: ${why}; ${tail}`, {
      nothingSent,
      ...(cause.code && { code: cause.code }),
    });
  }

  #transport = (options: RequestOptions, onAnswer: (answer: IncomingMessage) => void): ClientRequest => {
    const { deadline } = this.#options;
    const made = (options.protocol === 'https:' ? https : http).request(options, onAnswer);
    this.#fence = fence(made, () => !this.#stopped && (!deadline || Date.now() < deadline()));
    return made;
  };

  #onAbort = (): void => this.#abort('the work was stopped');

  #abort(why: string): void {
    this.#stopped ??= why;
    this.#stop.abort();
  }

  #scrub(text: string): string {
    return this.#options.scrub?.(text) ?? text;
  }
}

function addressOf({ url, query = {} }: HttpRequest): URL {
  const address = URL.parse(url);
  if (!address || !/^https?:$/.test(address.protocol))
    throw new ChannelError(
      'refused',
      "an address is not a valid http or https address; check the addresses in the channel's file",
      {
        reason: 'invalid',
      },
    );
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) address.searchParams.append(name, String(value));
  return address;
}

function failedToConnect(error: NodeJS.ErrnoException): boolean {
  return (
    ['connect', 'getaddrinfo'].includes(error.syscall ?? '') ||
    ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED'].includes(error.code ?? '')
  );
}

/** In plain words where a code is common. A kept-alive connection that the other side had closed looks like ECONNRESET. */
function reasonOf(error: Error, cause: NodeJS.ErrnoException): string {
  if (error.message.startsWith('maxContentLength')) return 'the answer is larger than accepted';
  const words: Record<string, string> = {
    ENOTFOUND: 'the name of the host was not found',
    EAI_AGAIN: 'the name of the host could not be looked up now',
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was cut before an answer',
    EPIPE: 'the connection was cut before an answer',
  };
  return words[cause.code ?? ''] ?? (cause.message || String(cause.code));
}

function answerOf(response: AxiosResponse<Buffer>, what: string): HttpResponse {
  const bytes = Buffer.from(response.data);
  const text = (): string => bytes.toString('utf8');
  return {
    status: response.status,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
    bytes,
    text,
    json: () => {
      try {
        return JSON.parse(text());
      } catch {
        throw new ChannelError('retry', `${what}: the answer (${response.status}) is not JSON`, {
          code: String(response.status),
        });
      }
    },
  };
}
