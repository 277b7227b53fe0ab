/** What is known of another complaint that may be the same as the one asked about. */
export interface Likeness {
  /** Of how both begin, 0 to 1. */
  text: number;
  /** The same person, as far as whoever asks may know that. */
  reporter: boolean;
  /** Between both places; null: one of them is unknown. */
  metres: number | null;
  /** The place is called the same. */
  placeName: boolean;
  /** Between both receipts. */
  apartMs: number;
}

export interface Reason {
  code: 'reporter' | 'text' | 'place';
  /** For people, in Indonesian. */
  label: string;
}

export interface Scored {
  /** 0 to 1. */
  score: number;
  reasons: Reason[];
}

/** Below this nobody is asked. */
export const WORTH_SHOWING = 0.35;
/** Texts that are less alike than this have only the words in common that everybody uses. */
export const ALIKE = 0.35;
export const NEAR_METRES = 1_000;
const DAY_MS = 86_400_000;
export const NEAR_MS = 45 * DAY_MS;

/** How likely it is the same, and why. Each sign counts for itself; what lies far apart in time counts for less. Pure. */
export function scoreOf(likeness: Likeness): Scored {
  const signs = [...textSign(likeness), ...reporterSign(likeness), ...placeSign(likeness)];
  const chance = 1 - signs.reduce((rest, { weight }) => rest * (1 - weight), 1);
  const score = Math.round(chance * fading(likeness.apartMs) * 100) / 100;
  return { score, reasons: signs.map(({ code, label }) => ({ code, label })) };
}

type Sign = Reason & { weight: number };

function textSign({ text }: Likeness): Sign[] {
  if (text < ALIKE) return [];
  return [{ code: 'text', label: `teks mirip ${Math.round(text * 100)} %`, weight: 0.95 * text }];
}

const reporterSign = ({ reporter }: Likeness): Sign[] =>
  reporter ? [{ code: 'reporter', label: 'pelapor sama', weight: 0.4 }] : [];

function placeSign({ metres, placeName }: Likeness): Sign[] {
  if (metres !== null && metres <= NEAR_METRES) {
    const weight = metres <= 100 ? 0.5 : metres <= 300 ? 0.4 : 0.25;
    return [{ code: 'place', label: `lokasi ± ${shown(metres)} m`, weight }];
  }
  return placeName ? [{ code: 'place', label: 'nama tempat sama', weight: 0.35 }] : [];
}

/** Telephones are not more exact than that. */
const shown = (metres: number): number => Math.max(50, Math.round(metres / 50) * 50);

function fading(apartMs: number): number {
  const days = apartMs / DAY_MS;
  return days <= 3 ? 1 : days <= 14 ? 0.9 : days <= 30 ? 0.8 : 0.7;
}

interface Point {
  lat: number;
  lon: number;
}

const EARTH_METRES = 6_371_000;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Along the surface of a sphere (haversine). */
export function metresBetween(a: Point, b: Point): number {
  const [dLat, dLon] = [radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2];
  const h = Math.sin(dLat) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon) ** 2;
  return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}

const COMMON = new Set([
  'jl',
  'jln',
  'jalan',
  'desa',
  'ds',
  'kec',
  'kecamatan',
  'kab',
  'kabupaten',
  'rt',
  'rw',
  'no',
  'di',
]);

/** Do two descriptions of a place share its name? At least two words that are names, and most of the shorter one. */
export function samePlaceName(a: string | null | undefined, b: string | null | undefined): boolean {
  const [mine, theirs] = [namesIn(a), namesIn(b)];
  const shared = [...mine].filter((word) => theirs.has(word)).length;
  return shared >= 2 && shared >= 0.6 * Math.min(mine.size, theirs.size);
}

const namesIn = (place: string | null | undefined): Set<string> =>
  new Set((place?.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 1 && !COMMON.has(word)));
