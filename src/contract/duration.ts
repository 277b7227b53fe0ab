import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d{1,6})(ms|s|m|h|d)$/;

/** `"10m"` to milliseconds. Throws a RangeError that says what is allowed. */
export function parseDuration(text: string): number {
  const match = PATTERN.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a duration; write a number and ms, s, m, h or d, like 90s or 10m`);
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** A span of time in a configuration file (`90s`, `10m`, `2h`, `7d`); milliseconds once parsed. */
export function duration() {
  return z
    .string()
    .regex(PATTERN, 'a duration: a number and ms, s, m, h or d, like 90s or 10m')
    .transform(parseDuration)
    .meta({ description: 'A duration such as 90s, 10m, 2h or 7d', examples: ['10m'] });
}
