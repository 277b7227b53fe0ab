import facebook from '../../adapters/facebook/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { facebookHarness } from './facebook.harness.ts';

describeAdapter(facebook, facebookHarness);
