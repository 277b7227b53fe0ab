import { expect, test } from 'vitest';
import { ChannelError } from '#contract';
import { adapters } from '../../adapters/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { tellAlarms } from '../../src/flows/alarmMessages.ts';
import { raiseAlarms } from '../../src/flows/alarms.ts';
import { applyConfiguration } from '../../src/flows/configured.ts';
import { recordFailure } from '../../src/flows/health.ts';
import { toldOf } from '../../src/store/alarms.ts';
import { folder } from '../config/folder.ts';
import { exampleText, smsWorld } from './world.ts';

const TO = '+6281255512345';

test('whoever looks after the hub is told by SMS, once', async () => {
  const alarms = { tell: [{ sms: TO, channel: 'sms' }], degradedAfter: 600_000 };
  const { hub, gateway, close } = await smsWorld({ policies: { alarms } });
  try {
    await applyConfiguration(hub.deps);
    await recordFailure(hub.deps, 'sms', new ChannelError('auth', 'Kunci gateway ditolak.'));
    for (let n = 0; n < 2; n++) {
      await raiseAlarms(hub.deps);
      await tellAlarms(hub.deps);
    }
    expect(gateway.published().went.map(({ to, text }) => [to, text])).toEqual([
      [TO, expect.stringMatching(/^\[Kabupaten Contoh\] SMS Pengaduan: Perlu masuk ulang/)],
    ]);
    expect(await toldOf(hub.deps.db)).toMatchObject([{ channelId: 'sms', who: `sms ${TO}`, reason: null }]);
  } finally {
    await close();
  }
});

test('a channel that is no SMS cannot bring it', async () => {
  const tell = (channel: string) => `policies: { alarms: { tell: [{ sms: "${TO}", channel: ${channel} }] } }\n`;
  const check = async (channel: string) => {
    const head = 'site: { name: Kabupaten Uji }\nagencies: [{ id: diskominfo, name: Dinas Kominfo }]\n';
    const hub = `${head}${exampleText('hub-sms.yaml')}${tell(channel)}`;
    const dir = await folder({ 'hub.yaml': hub, 'channels/sms.yaml': exampleText('sms-gateway.yaml') });
    return loadConfig(dir, adapters);
  };
  expect((await check('sms')).faults).toEqual([]);
  await expect(check('surel')).rejects.toThrow('lewat SMS');
});
