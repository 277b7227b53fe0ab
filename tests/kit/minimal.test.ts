import { describeAdapter } from './index.ts';
import { minimal, minimalHarness } from './minimal.ts';

describeAdapter(minimal, minimalHarness);
