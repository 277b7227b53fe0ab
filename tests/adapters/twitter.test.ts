import twitter from '../../adapters/twitter/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { twitterHarness, twitterHarness2 } from './twitter.harness.ts';

describeAdapter(twitter, twitterHarness);
describeAdapter(twitter, twitterHarness2);
