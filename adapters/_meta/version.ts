/** The version that channels use unless their file says otherwise. */
export const GRAPH_VERSION = 'v26.0';

/** Until when a version is answered as documented (Meta, "Graph API changelog: available versions"). */
const ENDS: Readonly<Record<string, string>> = {
  'v21.0': '2027-01-21',
  'v22.0': '2027-05-20',
  'v23.0': '2027-10-08',
  'v24.0': '2028-02-18',
  'v25.0': '2028-07-29',
};

const DAY_MS = 86_400_000;
const WARN_DAYS = 60;

/**
 * A version that has ended is not refused: the oldest one alive answers, in another shape and without an error. So it is
 * said before. `null`: nothing to say yet, or the end is not announced.
 */
export function versionWarning(version: string, now: Date): string | null {
  const end = ENDS[version];
  if (!end) return null;
  const days = Math.floor((Date.parse(end) - now.getTime()) / DAY_MS);
  if (days > WARN_DAYS) return null;
  const when = days < 0 ? `sudah berakhir pada ${end}` : `berakhir pada ${end} (${days} hari lagi)`;
  return `Versi Graph API ${version} ${when}. Minta pengelola mengganti graphVersion di berkas kanal.`;
}
