import { buildApi } from '../../src/api/app.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { endpointContext } from '../../src/flows/context.ts';
import type { HookIntake } from '../../src/flows/receive.ts';
import { type Foundation, openFoundation, readConfig } from '../../src/main/foundation.ts';
import { ENDPOINT } from '../lib/config.ts';

/** The hub's own server, whose hook only verifies and parses: what HTTP and the signature cost without the record. */
const foundation = await openFoundation(readEnvironment());
const config = await readConfig(foundation);
const app = buildApi({
  ...foundation,
  config,
  wake: async () => {},
  scrub: (text) => foundation.log.scrubText(text),
  readiness: async () => ({ ready: true, checks: {} }),
  hooks: verifyOnly(foundation),
  publicUrl: 'http://127.0.0.1',
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
foundation.log.info({ url }, 'kanal aduan runs');
process.once('SIGTERM', async () => {
  await app.close();
  await foundation.close();
});

function verifyOnly({ adapters, secrets, clock, log }: Foundation): HookIntake {
  const { adapter, settings } = config.hub.endpoints[ENDPOINT]!;
  const receive = adapters[adapter]!.receive!;
  const context = endpointContext({ secrets, clock, scrub: (text) => log.scrubText(text) }, settings);
  return {
    receive: async (_endpoint, delivery) => {
      const verdict = await receive.verify(delivery, context);
      if (!verdict.ok) return { status: 401 };
      JSON.parse(Buffer.from(delivery.body).toString('utf8'));
      return { status: 200 };
    },
    handshake: async () => ({ status: 404 }),
  };
}
