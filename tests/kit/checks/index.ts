import { connectChecks } from './connect.ts';
import { discretionChecks } from './discretion.ts';
import { entryChecks } from './entry.ts';
import { extractChecks } from './extract.ts';
import { normaliseChecks } from './normalise.ts';
import { partChecks } from './parts.ts';
import { pollChecks } from './poll.ts';
import { publishChecks } from './publish.ts';
import { readingChecks } from './reading.ts';
import { receiveChecks } from './receive.ts';
import { reconcileChecks } from './reconcile.ts';
import { settingsChecks } from './settings.ts';
import { tendingChecks } from './tending.ts';

/** Every promise of the contract that a machine can check, in one table. */
export const checks = [
  ...settingsChecks,
  ...receiveChecks,
  ...normaliseChecks,
  ...extractChecks,
  ...pollChecks,
  ...readingChecks,
  ...publishChecks,
  ...partChecks,
  ...reconcileChecks,
  ...tendingChecks,
  ...connectChecks,
  ...entryChecks,
  ...discretionChecks,
];
