import { describePublishing } from './publishing.ts';

describePublishing('redis');
