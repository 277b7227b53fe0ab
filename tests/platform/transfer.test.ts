import { expect, it } from 'vitest';
import { transferable } from '../../src/platform/transfer.ts';

const large = () => new Uint8Array(100_000);

it('hands over large bytes that have their memory for themselves, each once', () => {
  const [one, other] = [large(), large()];
  expect(transferable([one, one.subarray(1), other, 'text', null])).toEqual([one.buffer, other.buffer]);
});

it('keeps what is small, and what shares its memory with others', () => {
  expect(transferable([Buffer.from('kecil'), large().subarray(0, 90_000), new Uint8Array(10)])).toEqual([]);
  expect(transferable([new Uint8Array(new SharedArrayBuffer(100_000))])).toEqual([]);
});
