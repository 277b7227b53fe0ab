import googleReviews from '../../adapters/google-reviews/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { googleReviewsHarness } from './google-reviews.harness.ts';

describeAdapter(googleReviews, googleReviewsHarness);
