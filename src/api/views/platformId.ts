import { isPublic, type Surface } from '#contract';
import type { ApiDeps } from '../deps.ts';

/**
 * An id of the platform as clients see it. In private it may be the citizen's number or address, or hold it (an SMS thread,
 * a message of WhatsApp, the name of a spool file): there it is a keyed hash, the same for the same id. What stands in public
 * or is the number of a report keeps its id.
 */
export function platformId({ keyring }: Pick<ApiDeps, 'keyring'>, surface: Surface, id: string): string {
  if (isPublic(surface) || surface === 'report') return id;
  return keyring.blindIndex(id, 'platform-id').toString('hex').slice(0, 32);
}
