import { z } from 'zod';

/** How a connection is protected. `none` is for servers on this machine or inside the district's own network. */
export const security = z.enum(['tls', 'starttls', 'none']).default('tls').meta({
  description: 'tls: from the first byte. starttls: upgraded before the password. none: only inside your own network',
});
export type Security = z.infer<typeof security>;
