import { adviceOf } from './advice.ts';

/** What is known of a channel when alarms are judged. */
export interface ChannelFacts {
  id: string;
  label: string;
  state: string;
  since: Date;
  evidence: string | null;
  /** The platform could not be reached at all. */
  unreachable: boolean;
  /** When it last worked, where that is known. */
  workedAt: Date | null;
  expiresAt: Date | null;
  certificateExpiresAt: Date | null;
  /** An administrator can connect it anew (`kanal channel connect`). */
  connects: boolean;
}

export interface Alarm {
  /** The same trouble has the same key, however often one looks. */
  key: string;
  /** `null`: of the hub itself. */
  channelId: string | null;
  kind: string;
  since: Date;
  evidence: string;
  advice: string;
}

const DAY_MS = 86_400_000;
const THRESHOLDS = [1, 7, 30];
/** So long at least all channels must have been silent before it is the office's own line. */
const OFFLINE_MS = 3 * 60_000;
const THROTTLED_MS = 3_600_000;
/** States that somebody has to know of at once. */
const AT_ONCE = new Set(['authNeeded', 'quotaSpent', 'silent', 'misconfigured', 'awaitingAccess']);

/** Everything that people should know of now. Pure: the same facts give the same alarms with the same keys. */
export function alarmsOf(facts: readonly ChannelFacts[], now: Date, degradedAfterMs: number): Alarm[] {
  const offline = offlineAlarm(facts, now);
  const cut = new Set(offline ? facts.filter(isCut).map(({ id }) => id) : []);
  const single = facts.filter(({ id }) => !cut.has(id)).flatMap((one) => stateAlarm(one, now, degradedAfterMs));
  return [...(offline ? [offline] : []), ...single, ...facts.flatMap((one) => expiryAlarms(one, now))];
}

function stateAlarm(facts: ChannelFacts, now: Date, degradedAfterMs: number): Alarm[] {
  const { id, state, since } = facts;
  const lasted = now.getTime() - since.getTime();
  const due =
    AT_ONCE.has(state) ||
    (state === 'degraded' && lasted >= degradedAfterMs) ||
    (state === 'throttled' && lasted >= THROTTLED_MS);
  if (!due) return [];
  const evidence = facts.evidence ?? 'Tidak ada keterangan lebih lanjut.';
  return [
    {
      key: `${id} ${state} ${since.toISOString()}`,
      channelId: id,
      kind: state,
      since,
      evidence,
      advice: adviceOf(state, facts),
    },
  ];
}

const isCut = ({ state, unreachable }: ChannelFacts): boolean => state === 'degraded' && unreachable;

/**
 * Several channels cannot be reached and none has worked since: then it is not they. One alarm, with the moment at which
 * it began; the channels' own alarms stay away meanwhile.
 */
function offlineAlarm(facts: readonly ChannelFacts[], now: Date): Alarm | undefined {
  const cut = facts.filter(isCut).sort((a, b) => a.since.getTime() - b.since.getTime());
  const [first] = cut;
  if (!first || cut.length < 2 || now.getTime() - first.since.getTime() < OFFLINE_MS) return undefined;
  const works = facts.some((one) => !isCut(one) && one.workedAt !== null && one.workedAt > first.since);
  if (works) return undefined;
  const { since } = first;
  const evidence = `${cut.length} kanal tidak dapat dihubungi, dan tidak satu pun berhasil sejak itu: ${cut.map(({ label }) => label).join(', ')}.`;
  return {
    key: `hub offline ${since.toISOString()}`,
    channelId: null,
    kind: 'offline',
    since,
    evidence,
    advice: adviceOf('offline', first),
  };
}

/** 30, 7 and 1 day before the end, each once. */
function expiryAlarms(facts: ChannelFacts, now: Date): Alarm[] {
  const ends: [string, Date | null][] = [
    ['expiry', facts.expiresAt],
    ['certificate', facts.certificateExpiresAt],
  ];
  return ends.flatMap(([kind, end]) => (end ? expiryAlarm(facts, kind, end, now) : []));
}

function expiryAlarm(facts: ChannelFacts, kind: string, end: Date, now: Date): Alarm[] {
  const left = end.getTime() - now.getTime();
  const days = THRESHOLDS.find((threshold) => left <= threshold * DAY_MS);
  if (days === undefined) return [];
  const what = kind === 'expiry' ? 'Akses kanal ini' : 'Sertifikat servernya';
  const evidence =
    left <= 0 ? `${what} sudah berakhir.` : `${what} berakhir dalam ${Math.max(1, Math.ceil(left / DAY_MS))} hari.`;
  const since = new Date(end.getTime() - days * DAY_MS);
  const key = `${facts.id} ${kind} ${days} ${end.toISOString()}`;
  return [{ key, channelId: facts.id, kind, since, evidence, advice: adviceOf(kind, facts) }];
}
