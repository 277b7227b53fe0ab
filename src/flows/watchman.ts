import type { ChannelFacts } from '../core/alarms.ts';
import { certificateEnd } from '../platform/certificate.ts';
import { tellAlarms } from './alarmMessages.ts';
import { raiseAlarms } from './alarms.ts';
import type { FlowDeps } from './deps.ts';
import { judgeSilence, learnRhythms } from './silence.ts';

const RHYTHM_MS = 6 * 3_600_000;
const CERTIFICATE_MS = 86_400_000;

/** Looks over all channels: who is quiet, what is wrong, who has to be told. To be called again and again. */
export function createWatchman(deps: FlowDeps): () => Promise<void> {
  let learnt = 0;
  let looked = 0;
  let own: ChannelFacts[] = [];
  return async () => {
    const now = deps.clock.now().getTime();
    if (now - learnt > RHYTHM_MS) {
      await learnRhythms(deps);
      learnt = now;
    }
    if (now - looked > CERTIFICATE_MS) {
      own = await ownCertificate(deps);
      looked = now;
    }
    await judgeSilence(deps);
    await raiseAlarms(deps, own);
    await tellAlarms(deps);
  };
}

/** The certificate at which citizens and platforms reach this hub. */
async function ownCertificate({ publicUrl, clock }: FlowDeps): Promise<ChannelFacts[]> {
  if (!publicUrl?.startsWith('https:')) return [];
  const certificateExpiresAt = await certificateEnd(publicUrl);
  return [
    {
      ...{ id: 'hub', label: 'Alamat hub', state: 'ok', since: clock.now(), evidence: null, unreachable: false },
      ...{ workedAt: null, expiresAt: null, certificateExpiresAt, connects: false },
    },
  ];
}
