import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GOOD, type TestDoor, testDoor } from './helper.ts';

let door: TestDoor;
let port: number;
beforeAll(async () => {
  door = await testDoor({}, { limits: { requestTimeout: 300, uploadTimeout: 60_000, checkEvery: 50, doorPosts: 2 } });
  await door.app.listen({ host: '127.0.0.1', port: 0 });
  port = (door.app.server.address() as AddressInfo).port;
});
afterAll(() => door.close());

/** Sends the first part, the rest when `pause` is over, and gives what came back until the server hung up. */
function talk(first: string, rest: string, pause: Promise<unknown>): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', async () => {
      socket.write(first);
      await pause;
      if (socket.writable) socket.write(rest);
    });
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}

const head = (path: string, type: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`;

describe('while photos may come on slow lines', () => {
  it('a form has time, and everything else as little as ever', async () => {
    const fields = { token: await door.form(), situs: '', ...GOOD };
    const parts = Object.entries(fields).map(
      ([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const body = `${parts.join('')}--x--\r\n`;
    // The pause is over only when the server has hung up on the other one for being slow.
    const hasty = talk(head('/hooks/lapor', 'application/json', 1_000), '', new Promise(() => {}));
    const form = talk(
      head('/lapor', 'multipart/form-data; boundary=x', Buffer.byteLength(body)),
      body,
      hasty.then(() => sleep(200)),
    );
    expect(await hasty).toMatch(/^HTTP\/1\.1 408 .*request_timeout/s);
    expect(await form).toMatch(/^HTTP\/1\.1 303 /);
  });
});

describe('who asks', () => {
  const send = async (headers: Record<string, string>, remoteAddress: string) => {
    const payload = new URLSearchParams({ code: '2222-2222' }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const url = '/lacak/K7M-4QD-X2P';
    return (await door.app.inject({ method: 'POST', url, payload, remoteAddress, headers: { ...headers, ...type } }))
      .statusCode;
  };

  it('is told by the proxy on this machine, and by nobody else', async () => {
    const citizens = ['203.0.113.1', '203.0.113.2', '203.0.113.3'];
    for (const citizen of citizens) expect(await send({ 'x-forwarded-for': citizen }, '127.0.0.1')).toBe(422);
    const said = [];
    for (const pretended of citizens) said.push(await send({ 'x-forwarded-for': `10.${pretended}` }, '198.51.100.9'));
    expect(said).toEqual([422, 422, 429]);
  });
});
