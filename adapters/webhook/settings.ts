import { z } from 'zod';
import { duration, secret } from '#contract';

const address = () => z.url({ protocol: /^https?$/ });
const clean = (url: string): string => new URL(url).href.replace(/\/+$/, '');

/** A channel's file. The application stands in the district, so its address has no default. */
export const settings = z.strictObject({
  baseUrl: address().transform(clean).meta({ description: 'Where the application serves /items, /replies and so on' }),
  callbackUrl: address().optional().meta({ description: 'Where replies go; without it {baseUrl}/replies' }),
  token: secret().meta({ description: 'Bearer token of every request to the application' }),
  signingSecret: secret().meta({ description: 'Signs what we post there: whsec_ and 24 bytes or more in base64' }),
  // native: a repeated key publishes nothing new. lookup: GET {callbackUrl}?key= tells what stands. none: neither.
  idempotency: z.enum(['native', 'lookup', 'none']).default('native'),
});
export type Settings = z.infer<typeof settings>;

/** An endpoint in hub.yaml. Two secrets while one replaces the other. */
export const endpointSettings = z.strictObject({
  secrets: z.array(secret()).min(1).max(5).meta({ description: 'Deliveries signed with any of these are accepted' }),
  tolerance: duration().prefault('5m').meta({ description: 'How far the time of a delivery may be from ours' }),
});
export type EndpointSettings = z.infer<typeof endpointSettings>;
