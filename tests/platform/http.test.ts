import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ChannelError, httpError } from '#contract';
import { createHttp } from '../../src/platform/http.ts';
import { certificate, httpServer, OK, rawServer } from './servers.ts';

const failure = async (call: Promise<unknown>): Promise<ChannelError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChannelError);
  return error as ChannelError;
};

async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('an answer', () => {
  it('of any status is given back, with lower-case headers and its body', async () => {
    const { url } = await httpServer((request, response) => {
      response.writeHead(429, { 'Retry-After': '7', 'X-Echo': request.headers['x-a'] ?? '' }).end('{"a":1}');
    });
    const answer = await createHttp()({
      url: `${url}/x`,
      headers: { 'x-a': 'b' },
      query: { q: 'a b', n: 3, none: undefined },
    });
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '7', 'x-echo': 'b' } });
    expect(answer.json()).toEqual({ a: 1 });
    expect(httpError(answer, new Date(), 'x')?.retryAfterMs).toBe(7_000);
  });

  it('that is a redirect is not followed', async () => {
    const seen: string[] = [];
    const { url } = await httpServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await createHttp()({ url: `${url}/a?token=1` })).toMatchObject({
      status: 302,
      headers: { location: '/elsewhere' },
    });
    expect(seen).toEqual(['/a?token=1']);
  });

  it('may be compressed, but neither packed nor unpacked larger than accepted', async () => {
    const { url } = await httpServer((request, response) => {
      const body = request.url === '/bomb' ? gzipSync(Buffer.alloc(2_000_000)) : gzipSync('{"ok":true}');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body);
    });
    expect((await createHttp()({ url: `${url}/small` })).json()).toEqual({ ok: true });
    const error = await failure(createHttp()({ url: `${url}/bomb`, maxBytes: 100_000 }));
    expect(error).toMatchObject({ kind: 'retry', nothingSent: false, message: expect.stringContaining('larger') });
  });

  it('that is not JSON says which address gave it, without its query', async () => {
    const { url } = await httpServer((_request, response) => response.end('<html>'));
    const answer = await createHttp()({ url: `${url}/api/x?access_token=abc` });
    expect(answer.json).toThrow(/GET 127\.0\.0\.1:\d+\/api\/x: the answer \(200\) is not JSON/);
    expect(answer.text()).toBe('<html>');
  });
});

describe('a body', () => {
  it.each([
    ['json', { json: { a: 'é' } }, 'application/json', '{"a":"é"}'],
    ['form', { form: { a: '1 2', b: '&' } }, 'application/x-www-form-urlencoded', 'a=1+2&b=%26'],
    ['bytes', { bytes: Buffer.from('raw') }, undefined, 'raw'],
  ])('%s arrives as given', async (_name, body, type, expected) => {
    const { url } = await httpServer(async (request, response) =>
      response.end(JSON.stringify([request.headers['content-type'], await text(request)])),
    );
    expect((await createHttp()({ url, method: 'POST', ...body })).json()).toEqual([type ?? null, expected]);
  });

  it('of parts is multipart, with files', async () => {
    const { url } = await httpServer(async (request, response) => {
      const form = await new Response(await text(request), {
        headers: { 'content-type': request.headers['content-type'] ?? '' },
      }).formData();
      const file = form.get('foto') as File;
      response.end(JSON.stringify([form.get('a'), file.name, file.type, await file.text()]));
    });
    const parts = [
      { name: 'a', value: 'satu' },
      { name: 'foto', value: Buffer.from('isi'), filename: 'jalan "rusak".jpg', mime: 'image/jpeg' },
    ];
    expect((await createHttp()({ url, method: 'POST', parts })).json()).toEqual([
      'satu',
      'jalan "rusak".jpg',
      'image/jpeg',
      'isi',
    ]);
  });

  it('may be large, and only one', async () => {
    const { url } = await httpServer(async (request, response) => response.end(String((await text(request)).length)));
    const bytes = Buffer.alloc(5_000_000, 'a');
    expect((await createHttp()({ url, method: 'POST', bytes })).text()).toBe('5000000');
    await expect(createHttp()({ url, method: 'POST', bytes, json: 1 })).rejects.toThrow(/one body only/);
  });
});

describe('without an answer, nothingSent is', () => {
  it('true when the connection is refused or the name does not exist', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    expect(await failure(createHttp()({ url, method: 'POST', json: 1 }))).toMatchObject({
      kind: 'retry',
      nothingSent: true,
      code: 'ECONNREFUSED',
    });
    const missing = createHttp()({ url: 'http://tidak-ada.invalid/', method: 'POST', json: 1 });
    expect(await failure(missing)).toMatchObject({ kind: 'retry', nothingSent: true });
  });

  it('true when the handshake of TLS fails', async () => {
    const { port, received } = await rawServer(() => undefined, true);
    expect(await failure(createHttp()({ url: `https://localhost:${port}/`, method: 'POST', json: 1 }))).toMatchObject({
      nothingSent: true,
    });
    expect(received()).toBe('');
  });

  it('true when it was stopped before it began', async () => {
    const { port, connections } = await rawServer(() => undefined);
    const signal = AbortSignal.abort();
    expect(await failure(createHttp({ signal })({ url: `http://127.0.0.1:${port}/` }))).toMatchObject({
      nothingSent: true,
    });
    expect(connections()).toBe(0);
  });

  it('false when it was read and the connection dropped', async () => {
    const { port } = await rawServer((socket, sofar) => sofar.includes('jawaban') && socket.destroy());
    const error = await failure(
      createHttp()({ url: `http://127.0.0.1:${port}/`, method: 'POST', json: { t: 'jawaban' } }),
    );
    expect(error).toMatchObject({ kind: 'retry', nothingSent: false });
  });

  it('false when the connection dropped in the middle of the answer', async () => {
    const { port } = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf'));
    expect(await failure(createHttp()({ url: `http://127.0.0.1:${port}/` }))).toMatchObject({ nothingSent: false });
  });

  it('false when the other side is silent, or too slow with the rest', async () => {
    for (const head of ['', 'HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nha']) {
      const { port } = await rawServer((socket) => socket.write(head));
      const error = await failure(createHttp()({ url: `http://127.0.0.1:${port}/`, timeoutMs: 300 }));
      expect(error).toMatchObject({
        kind: 'retry',
        nothingSent: false,
        message: expect.stringContaining('within 300 ms'),
      });
    }
  });

  it('false when it was aborted under way', async () => {
    const stop = new AbortController();
    const { port } = await rawServer(() => stop.abort());
    expect(await failure(createHttp({ signal: stop.signal })({ url: `http://127.0.0.1:${port}/` }))).toMatchObject({
      nothingSent: false,
    });
  });

  it('false when a kept-alive connection turns out to be closed: nobody can prove what was read', async () => {
    let requests = 0;
    const { port } = await rawServer((socket) => (++requests === 1 ? socket.write(OK) : socket.destroy()));
    const call = createHttp({
      agents: { http: new http.Agent({ keepAlive: true, maxSockets: 1 }), https: https.globalAgent },
    });
    await call({ url: `http://127.0.0.1:${port}/` });
    expect(await failure(call({ url: `http://127.0.0.1:${port}/`, method: 'POST', json: 1 }))).toMatchObject({
      nothingSent: false,
    });
  });
});

describe('messages', () => {
  it('name method, host and path; never the query, a header or a scrubbed secret', async () => {
    const { port } = await rawServer((socket) => socket.destroy());
    const scrub = (message: string): string => message.replaceAll('bot123', '[secret]');
    const call = createHttp({ scrub })({
      url: `http://127.0.0.1:${port}/bot123/send?key=kunci`,
      query: { access_token: 'kunci' },
      headers: { authorization: 'Bearer kunci' },
    });
    const error = await failure(call);
    expect(error.message).toContain(`GET 127.0.0.1:${port}/[secret]/send`);
    expect(JSON.stringify([error.message, error.stack, error.cause, Object.values(error)])).not.toMatch(/kunci|bot123/);
  });

  it('refuse an address that is none', async () => {
    for (const url of ['ftp://x/', 'x', 'file:///etc/passwd'])
      expect(await failure(createHttp()({ url }))).toMatchObject({ kind: 'refused', reason: 'invalid' });
  });
});

describe('the fence', () => {
  it('lets a request through whose time is not over, again and again on one kept-alive connection', async () => {
    const { port, connections } = await rawServer((socket) => socket.write(OK), true);
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: certificate.cert });
    const call = createHttp({ deadline: () => Date.now() + 10_000, agents: { http: http.globalAgent, https: agent } });
    for (let i = 0; i < 5; i++)
      expect((await call({ url: `https://localhost:${port}/`, method: 'POST', json: i })).status).toBe(200);
    expect(connections()).toBe(1);
    agent.destroy();
  });

  it('stops the rest of a large body when the time ends in the middle', async () => {
    let over = false;
    const { port, received } = await rawServer(() => {
      over = true;
    });
    const call = createHttp({ deadline: () => (over ? 0 : Number.POSITIVE_INFINITY) });
    const bytes = Buffer.alloc(50_000_000, 'a');
    const error = await failure(call({ url: `http://127.0.0.1:${port}/`, method: 'POST', bytes }));
    expect(error).toMatchObject({ nothingSent: false, message: expect.stringContaining('time to send was over') });
    expect(received().length).toBeLessThan(bytes.length);
  });

  const cases = [
    ['connect', false],
    ['connect', true],
    ['lookup', false],
    ['handshake', true],
    ['reuse', false],
    ['reuse', true],
  ] as const;
  it.each(cases)(
    'stopped at %s (TLS: %s) and continued after the deadline: not one byte leaves',
    async (where, secure) => {
      const { port, received } = await rawServer((socket) => socket.write(OK), secure);
      const url = `${secure ? 'https' : 'http'}://localhost:${port}`;
      const late = await stoppedSender(url, Date.now() + 2_000, where, 'late');
      expect(late).toMatchObject({ nothingSent: true, message: expect.stringContaining('time to send was over') });
      expect(received()).not.toContain('/second');
      expect(received()).not.toContain('jawaban');
    },
  );

  it.each(cases)('stopped at %s (TLS: %s) and continued in time: it is sent', async (where, secure) => {
    const { port, received } = await rawServer((socket) => socket.write(OK), secure);
    const url = `${secure ? 'https' : 'http'}://localhost:${port}`;
    expect(await stoppedSender(url, Date.now() + 3_600_000, where, 'in time')).toEqual({ status: 200 });
    expect(received()).toContain('jawaban');
  });
});

/** Runs the sender until it has stopped itself, waits for the deadline or not, continues it, and gives its answer. */
async function stoppedSender(url: string, deadline: number, where: string, when: 'late' | 'in time'): Promise<unknown> {
  const script = new URL('./http.child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, url, String(deadline), where], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = text(child.stdout);
  while (!(await readFile(`/proc/${child.pid}/stat`, 'utf8')).includes(') T ')) await sleep(20);
  if (when === 'late') while (Date.now() <= deadline) await sleep(20);
  child.kill('SIGCONT');
  return JSON.parse(await output);
}
