import whatsapp from '../../adapters/whatsapp/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { whatsappHarness } from './whatsapp.harness.ts';

describeAdapter(whatsapp, whatsappHarness);
