import type { Grant } from '../core/access.ts';
import { ROLES } from '../core/roles.ts';

/** `agency_head@dinkes`, `unit_staff@dinas-pupr/bina-marga`, `central_admin`. Throws an Error for the operator. */
export function parseGrant(text: string): Grant {
  const match = /^([a-z_]+)(?:@([a-z0-9-]+)(?:\/([a-z0-9-]+))?)?$/.exec(text);
  const role = ROLES.find((known) => known === match?.[1]);
  if (!match || !role)
    throw new Error(
      `"${text}" bukan peran; tulis PERAN, PERAN@instansi atau PERAN@instansi/unit. Peran: ${ROLES.join(', ')}`,
    );
  return { role, agencyId: match[2] ?? null, unitId: match[3] ?? null };
}
