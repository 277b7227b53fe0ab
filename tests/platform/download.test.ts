import { describe, expect, it } from 'vitest';
import { download, isPublic } from '../../src/platform/download.ts';
import { httpServer, rawServer } from './servers.ts';

const options = { maxBytes: 1_000, signal: new AbortController().signal };
const refused = { kind: 'refused', message: expect.stringContaining('not a public address') };

describe('public addresses', () => {
  it.each(['8.8.8.8', '103.28.12.1', '2001:4860:4860::8888', '::ffff:8.8.8.8'])('%s is one', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'fc00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    '::127.0.0.1',
    'fec0::1',
    'x',
  ])('%s is none', (address) => {
    // biome-ignore format: one glance
    expect(isPublic(address)).toBe(false);
  });
});

describe('download', () => {
  it.each(['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '0'])(
    'refuses http://%s: nothing is asked there',
    async (host) => {
      const { port, connections } = await rawServer(() => undefined);
      await expect(download(`http://${host}:${port}/x`, options)).rejects.toMatchObject(refused);
      expect(connections()).toBe(0);
    },
  );

  it('fetches from a host that is allowed, with its name and type', async () => {
    const { port, url } = await httpServer((request, response) => {
      const disposition =
        request.url === '/a' ? `attachment; filename="x.jpg"; filename*=UTF-8''jalan%20rusak.jpg` : 'inline';
      response.writeHead(200, { 'content-type': 'Image/JPEG; q=1', 'content-disposition': disposition }).end('isi');
    });
    const allowed = { ...options, allowHosts: [`127.0.0.1:${port}`] };
    const fetched = await download(`${url}/a`, allowed);
    expect(fetched).toMatchObject({ mime: 'image/jpeg', name: 'jalan rusak.jpg' });
    expect(Buffer.from(fetched.bytes).toString()).toBe('isi');
    expect((await download(`${url}/b/foto%20x.png`, { ...options, allowHosts: ['127.0.0.1'] })).name).toBe(
      'foto x.png',
    );
    await expect(download(`${url}/a`, { ...options, allowHosts: ['127.0.0.1:1'] })).rejects.toMatchObject(refused);
  });

  it('checks every redirect, and follows three', async () => {
    const inner = await rawServer(() => undefined);
    const { port, url } = await httpServer((request, response) => {
      const path = request.url ?? '';
      const to =
        path === '/evil'
          ? `http://127.0.0.1:${inner.port}/`
          : path === '/file'
            ? 'file:///etc/passwd'
            : `/${Number(path.slice(1)) - 1}`;
      if (path === '/0') response.end('ok');
      else response.writeHead(302, { location: to }).end();
    });
    const allowed = { ...options, allowHosts: [`127.0.0.1:${port}`] };
    expect(Buffer.from((await download(`${url}/3`, allowed)).bytes).toString()).toBe('ok');
    await expect(download(`${url}/4`, allowed)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('more than 3'),
    });
    await expect(download(`${url}/evil`, allowed)).rejects.toMatchObject(refused);
    await expect(download(`${url}/file`, allowed)).rejects.toMatchObject({ kind: 'refused' });
    expect(inner.connections()).toBe(0);
  });

  it('refuses what is too large, announced or not, and what is gone; a failing server may work later', async () => {
    const { port, url } = await httpServer((request, response) => {
      if (request.url === '/gone') response.writeHead(404).end();
      else if (request.url === '/ill') response.writeHead(503).end();
      else {
        response.write('a'.repeat(600));
        response.end('a'.repeat(600));
      }
    });
    const allowed = { ...options, allowHosts: [`127.0.0.1:${port}`] };
    await expect(download(`${url}/big`, allowed)).rejects.toMatchObject({ kind: 'refused', reason: 'content' });
    await expect(download(`${url}/gone`, allowed)).rejects.toMatchObject({ kind: 'refused', reason: 'gone' });
    await expect(download(`${url}/ill`, allowed)).rejects.toMatchObject({ kind: 'retry' });
  });

  it('has an end: a silent server, and a signal', async () => {
    const { port } = await rawServer(() => undefined);
    const url = `http://127.0.0.1:${port}/x?token=rahasia`;
    const allowed = { ...options, allowHosts: ['127.0.0.1'] };
    await expect(download(url, { ...allowed, timeoutMs: 200 })).rejects.toMatchObject({
      kind: 'retry',
      message: expect.not.stringContaining('rahasia'),
    });
    await expect(download(url, { ...allowed, signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'retry' });
  });

  it('carries no credentials, not even those of the address', async () => {
    const { port } = await httpServer((request, response) => response.end(JSON.stringify(request.headers)));
    const { bytes } = await download(`http://siti:sandi@127.0.0.1:${port}/`, { ...options, allowHosts: ['127.0.0.1'] });
    expect(Buffer.from(bytes).toString()).not.toContain('authorization');
  });
});
