import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnyAdapter } from '#contract';
import { ChannelError } from '#contract';
import { adapters } from '../../adapters/index.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainMedia } from '../../src/flows/media.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { delivery, message, type TestHub, testHub } from '../helpers/hub.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

// A platform whose files are fetched by reference: this one always breaks.
const webhook: AnyAdapter = {
  ...adapters.webhook!,
  media: async () => {
    throw new ChannelError('retry', 'the file server is away');
  },
};

let hub: TestHub;
let url: string;
const server = createServer((request, response) => {
  if (request.url === '/inward') response.writeHead(302, { location: 'http://127.0.0.1:1/secret' }).end();
  else response.end(request.url === '/big' ? Buffer.alloc(50_000) : PNG);
});

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = `http://${host}`;
  hub = await testHub({ adapters: { webhook }, policies: { attachments: { maxBytes: 20_000, allowHosts: [host] } } });
});
afterAll(async () => {
  await hub.close();
  server.close();
});

async function bring(objectId: string, attachments: unknown[]) {
  await hub.hooks.receive('lapor', delivery(message(objectId, { attachments })));
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
  await drainMedia(hub.deps, 'lapor');
  return hub.deps.db
    .selectFrom('attachment')
    .innerJoin('message', 'message.id', 'attachment.message_id')
    .selectAll('attachment')
    .where('object_id', '=', objectId)
    .orderBy('position')
    .execute();
}

it('stores what was attached: by its content, encrypted, its type sniffed, its name made safe', async () => {
  const rows = await bring('m-1', [
    { base64: PNG.toString('base64'), name: '../../etc/passwd', mime: 'application/pdf' },
    { url: `${url}/photo`, name: 'foto jalan.png' },
  ]);
  expect(rows).toMatchObject([
    { state: 'stored', name: 'passwd.png', mime: 'image/png', size: PNG.length, source_sealed: null },
    { state: 'stored', name: 'foto jalan.png', mime: 'image/png', size: PNG.length },
  ]);
  expect(rows[0]?.sha256).toBe(rows[1]?.sha256);
  expect(Buffer.compare(await hub.deps.files.get(rows[0]!.sha256!), PNG)).toBe(0);
});

it('never fails the message because of an attachment, and says what is wrong with each', async () => {
  const rows = await bring('m-2', [
    { url: `${url}/big`, name: 'besar.bin' },
    { url: 'http://127.0.0.1:1/secret' },
    { url: `${url}/inward` },
    { url: 'http://[::ffff:10.0.0.1]/x' },
    { url: `${url}/photo`, size: 99_999_999 },
    { ref: '/berkas/1' },
    { base64: PNG.toString('base64'), name: 'baik.png' },
  ]);
  expect(rows.map((row) => row.state)).toEqual([
    'refused',
    'refused',
    'refused',
    'refused',
    'refused',
    'waiting',
    'stored',
  ]);
  expect(rows[0]?.reason).toMatch(/20000|20,000|larger/);
  expect(rows[5]).toMatchObject({ reason: 'the file server is away', tries: 1 });
  const complaint = await hub.deps.db
    .selectFrom('message')
    .select('complaint_id')
    .where('object_id', '=', 'm-2')
    .executeTakeFirst();
  expect(complaint).toBeDefined();
});

it('gives up on one that cannot be fetched after several tries', async () => {
  const again = () =>
    hub.deps.db
      .updateTable('attachment')
      .set({ next_at: new Date(0) })
      .where('state', '=', 'waiting')
      .execute();
  for (let n = 0; n < 6; n++) {
    await again();
    await drainMedia(hub.deps, 'lapor');
  }
  const rows = await hub.deps.db
    .selectFrom('attachment')
    .select(['state', 'reason'])
    .where('reason', '=', 'the file server is away')
    .execute();
  expect(rows).toEqual([{ state: 'failed', reason: 'the file server is away' }]);
});
