import instagram from '../../adapters/instagram/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { instagramHarness } from './instagram.harness.ts';

describeAdapter(instagram, instagramHarness);
