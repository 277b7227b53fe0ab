import youtube from '../../adapters/youtube/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { youtubeHarness } from './youtube.harness.ts';

describeAdapter(youtube, youtubeHarness);
