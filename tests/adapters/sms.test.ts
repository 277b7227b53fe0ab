import sms from '../../adapters/sms/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { harnesses } from './sms.harness.ts';

for (const harness of harnesses) describeAdapter(sms, harness);
