import email from '../../adapters/email/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { emailHarness } from './email.harness.ts';

describeAdapter(email, emailHarness);
