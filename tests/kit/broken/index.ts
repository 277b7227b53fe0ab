import type { AnyAdapter } from '#contract';
import { brokenConnections } from './connect.ts';
import { brokenDividers } from './divide.ts';
import { brokenDoors } from './door.ts';
import { brokenEntries } from './entry.ts';
import { brokenExtractors } from './extract.ts';
import { brokenNormalisers } from './normalise.ts';
import { brokenPublishers } from './publish.ts';
import { brokenReaders } from './read.ts';
import { brokenReceivers } from './receive.ts';
import { brokenSettlers } from './settle.ts';
import { brokenTenders } from './tend.ts';

/** For each check by its name: adapters that break exactly that promise, and perhaps others with it. */
export type Broken = Readonly<Record<string, readonly AnyAdapter[]>>;

export const broken: Broken = {
  ...brokenReceivers,
  ...brokenNormalisers,
  ...brokenExtractors,
  ...brokenReaders,
  ...brokenPublishers,
  ...brokenDividers,
  ...brokenSettlers,
  ...brokenTenders,
  ...brokenConnections,
  ...brokenDoors,
  ...brokenEntries,
};
