import httpJson from '../../adapters/http-json/index.ts';
import { describeAdapter } from '../kit/index.ts';
import { harnesses } from './httpJson.harness.ts';

for (const harness of harnesses) describeAdapter(httpJson, harness);
