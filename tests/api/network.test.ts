import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, testApi } from './helper.ts';

let api: TestApi;
let port: number;
beforeAll(async () => {
  api = await testApi({
    limits: { requestTimeout: 400, checkEvery: 50 },
    hooks: { receive: async () => ({ status: 200 }), handshake: async () => ({ status: 404 }) },
  });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  port = (api.app.server.address() as AddressInfo).port;
});
afterAll(() => api.close());

/** Sends the parts one after the other, never ends, and waits for what comes back until the server hangs up. */
function talk(parts: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    socket.setTimeout(20_000, () => reject(new Error(`the server did not hang up; it said: ${heard}`)));
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}

describe('a client that', () => {
  it.each(['/hooks/lapor', '/api/v1/complaints/bulk'])('never ends its body is cut off at %s', async (path) => {
    const said = await talk([
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`,
      '{',
    ]);
    expect(said).toMatch(/^HTTP\/1\.1 (408|401) /);
  });

  it('never ends its headers is cut off', async () => {
    expect(await talk(['GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: '])).toMatch(/^HTTP\/1\.1 408 .*request_timeout/s);
  });

  it('sends headers without end is told', async () => {
    const said = await talk([`GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`]);
    expect(said).toMatch(/^HTTP\/1\.1 431 .*headers_too_large/s);
  });

  it('speaks something else is told', async () => {
    expect(await talk(['halo\r\n\r\n'])).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json.*bad_request/s);
  });

  it('keeps nobody else from being served', async () => {
    const slow = talk(['POST /hooks/lapor HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n', '{']);
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`http://127.0.0.1:${port}/healthz`)));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    await slow;
  });
});

it('has the limits that Node and Fastify do not set by themselves', async () => {
  const usual = await testApi();
  const { server } = usual.app;
  expect(server.requestTimeout).toBe(30_000);
  expect(server.keepAliveTimeout).toBe(65_000);
  expect(server.timeout).toBe(120_000);
  expect(usual.app.initialConfig.bodyLimit).toBe(1_048_576);
  await usual.close();
});
