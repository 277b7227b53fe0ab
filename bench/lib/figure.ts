import { cpus } from 'node:os';

/** One line of the output. `ratio` is ours / limit of each round. */
export interface Figure {
  bench: string;
  what: string;
  ours: number;
  limit: number;
  unit: string;
  ratio: { median: number; min: number; max: number };
  rounds: number;
  /** How far the limit itself moved between rounds: 0.1 is 10 %. */
  limitMoved: number;
  floor: number;
  goal: number;
  verdict: Verdict;
  /** Why there is no verdict, or what else belongs to the figure. */
  note?: string;
  machine: Machine;
}

export type Verdict = 'goal' | 'floor' | 'missed' | 'void' | 'quick';

export interface Machine {
  cpu: string;
  cores: number;
  node: string;
  postgres: string;
}

export const machineOf = (postgres: string): Machine => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  node: process.version,
  postgres,
});

/** The figure cannot be trusted: something was not 2xx, or a row is missing. */
export class VoidFigure extends Error {
  override readonly name = 'VoidFigure';
}

const MOST_MOVED = 0.25;

export interface Measured {
  bench: string;
  what: string;
  unit: string;
  floor: number;
  goal: number;
  note?: string;
}

/** More is better: rates per second of ours and of the limit, round by round. */
export function ratioFigure(about: Measured, ours: number[], limit: number[], ground: Ground): Figure {
  const ratios = ours.map((rate, round) => rate / limit[round]!);
  const moved = Math.max(...limit) / Math.min(...limit) - 1;
  const figure = { ...about, ours: round(median(ours)), limit: round(median(limit)), ...spread(ratios, moved) };
  const reached = median(ratios) >= about.goal ? 'goal' : median(ratios) >= about.floor ? 'floor' : 'missed';
  return finish(figure, reached, ground);
}

/** Less is better: `floor` is the most that is allowed, `goal` what we want, both in the figure's unit. */
export function ceilingFigure(about: Measured, ours: number[], ground: Ground): Figure {
  const ratios = ours.map((value) => value / about.floor);
  const figure = { ...about, ours: round(median(ours)), limit: about.floor, ...spread(ratios, 0) };
  const reached = median(ours) <= about.goal ? 'goal' : median(ours) <= about.floor ? 'floor' : 'missed';
  return finish(figure, reached, ground);
}

/** A line for what could not be measured, so that nobody takes silence for success. */
export function voidFigure(about: Measured, reason: string, ground: Ground): Figure {
  const none = { ours: 0, limit: 0, ratio: { median: 0, min: 0, max: 0 }, rounds: 0, limitMoved: 0 };
  return { ...about, ...none, verdict: 'void', note: reason, machine: ground.machine };
}

interface Ground {
  machine: Machine;
  quick: boolean;
}

function finish(figure: Omit<Figure, 'verdict' | 'machine'>, reached: Verdict, { machine, quick }: Ground): Figure {
  if (quick) return { ...figure, verdict: 'quick', machine };
  if (figure.limitMoved <= MOST_MOVED) return { ...figure, verdict: reached, machine };
  const note = `the limit moved by ${Math.round(figure.limitMoved * 100)} % between rounds; measure on a quiet machine`;
  return { ...figure, verdict: 'void', note, machine };
}

const spread = (ratios: number[], moved: number) => ({
  ratio: { median: round(median(ratios)), min: round(Math.min(...ratios)), max: round(Math.max(...ratios)) },
  rounds: ratios.length,
  limitMoved: round(moved),
});

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;
}

/** Three digits are all that such figures hold. */
const round = (value: number): number => Number(value.toPrecision(3 + (value >= 1_000 ? 1 : 0)));
