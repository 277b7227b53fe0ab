import { z } from 'zod';

/** An id in a configuration file: also the name of a file, and part of addresses. */
export const id = () =>
  z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'huruf kecil, angka, dan tanda hubung di tengah, misalnya dinas-pupr')
    .max(60)
    .meta({ examples: ['dinas-pupr'] });
