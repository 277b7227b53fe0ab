import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { createRoom } from '../../src/api/routes/door/room.ts';

const file = (bytes: number) => Readable.from([Buffer.alloc(bytes / 2), Buffer.alloc(bytes / 2)]);
const size = async (bytes: Buffer) => bytes.byteLength;

it('files get as much room together as there is, and give it back', async () => {
  const room = createRoom(100);
  let done = () => {};
  const first = room.hold(
    file(60),
    (bytes) =>
      new Promise<number>((resolve) => {
        done = () => resolve(bytes.byteLength);
      }),
  );
  await new Promise(setImmediate);
  expect(await room.hold(file(60), size)).toBeNull();
  expect(await room.hold(file(40), size)).toBe(40);
  done();
  expect(await first).toBe(60);
  expect(await room.hold(file(100), size)).toBe(100);
});

it('a file that breaks off, or that cannot be worked with, gives its room back', async () => {
  const room = createRoom(100);
  const broken = Readable.from(
    (async function* () {
      yield Buffer.alloc(80);
      throw new Error('gone');
    })(),
  );
  await expect(room.hold(broken, size)).rejects.toMatchObject({ statusCode: 400 });
  await expect(room.hold(file(80), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await room.hold(file(100), size)).toBe(100);
});
