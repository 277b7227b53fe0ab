import { ENDPOINT, writeConfig } from './lib/config.ts';
import type { Figure, Measured } from './lib/figure.ts';
import type { Ground } from './lib/ground.ts';
import { report, signedHeaders } from './lib/reports.ts';
import { measureVisible } from './lib/visible.ts';

const ABOUT: Measured = {
  ...{ bench: 'c-visible', unit: 'deliveries/s', floor: 0.4, goal: 0.6 },
  what: 'deliveries from acknowledged to a committed complaint, which the API reads; limit: bare INSERTs of these rows',
};

/** (c) N acknowledged deliveries wait; the time until each is a complaint that the inbox shows. */
export async function visible(ground: Ground): Promise<Figure[]> {
  await writeConfig(ground);
  const delivery = (n: number) => {
    const body = report(`lap-${n}`);
    return { body, headers: signedHeaders(`lap-${n}`, body), query: {} };
  };
  const count = ground.quick ? 200 : 30_000;
  const deliveries = { endpoint: ENDPOINT, adapter: 'webhook', count, each: 1, delivery };
  return [await measureVisible(ground, ABOUT, deliveries)];
}
