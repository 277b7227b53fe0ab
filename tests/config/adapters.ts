import { z } from 'zod';
import { defineAdapter, duration, secret } from '#contract';
import type { Adapters } from '../../src/config/crossCheck.ts';

const settings = z.strictObject({
  token: secret(),
  tempo: duration().prefault('5s'),
  mode: z.enum(['baca', 'tulis']).optional(),
});
const normalise = () => null;
const page = async () => ({ items: [], next: null, more: false });

/** `contoh` is called and polled; `hanya-masuk` is only called; `hanya-jemput` only polled; `dicatat` and `isian` are entered by hand. */
export const adapters: Adapters = {
  contoh: defineAdapter({
    name: 'contoh',
    settings,
    normalise,
    receive: { settings: z.strictObject({ token: secret() }), verify: async () => ({ ok: true }), unpack: () => [] },
    poll: { cursor: z.null(), every: '10m', page },
  }),
  'hanya-masuk': defineAdapter({
    name: 'hanya-masuk',
    settings: z.strictObject({}),
    normalise,
    receive: { settings: z.strictObject({}), verify: async () => ({ ok: true }), unpack: () => [] },
  }),
  dicatat: defineAdapter({
    name: 'dicatat',
    settings: z.strictObject({}),
    entry: { surfaces: ['letter'], usual: () => 'letter' },
  }),
  isian: defineAdapter({
    name: 'isian',
    settings: z.strictObject({ surface: z.literal('letter') }),
    entry: { surfaces: ['letter'], usual: ({ surface }) => surface },
  }),
  'hanya-jemput': defineAdapter({
    name: 'hanya-jemput',
    settings: z.strictObject({}),
    normalise,
    poll: { cursor: z.null(), every: '1h', page },
  }),
};
