import tiktok from '../../adapters/tiktok/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { tiktokHarness } from './tiktok.harness.ts';

describeAdapter(tiktok, tiktokHarness);
