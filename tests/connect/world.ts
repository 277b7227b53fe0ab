import type { ConnectOptions, Talk } from '../../src/cli/commands.ts';
import type { Actor } from '../../src/core/access.ts';
import { connectChannel } from '../../src/main/connect.ts';
import type { TestHub } from '../helpers/hub.ts';
import { atConsentScreen } from './browser.ts';

/** The user that the first migration made for the command line. */
export const OPERATOR: Actor = {
  userId: '00000000-0000-0000-0000-000000000000',
  name: 'Baris perintah',
  grants: [{ role: 'system_admin', agencyId: null, unitId: null }],
  keyScope: { agencyId: null, unitId: null },
};

export interface Walk extends Partial<ConnectOptions> {
  decide?: 'allow' | 'deny';
  /** Changes what the person pastes. */
  paste_?(text: string): string;
  publicUrl?: string;
}

/** Somebody runs `kanal channel connect`, opens the address that is shown, and pastes or is sent back. */
export async function connectAsPerson(hub: TestHub, id: string, { decide, paste_, publicUrl, ...options }: Walk = {}) {
  let opened = Promise.resolve('');
  const said: string[] = [];
  const talk: Talk = {
    say(text) {
      said.push(text);
      const url = /^ {2}(https?:\S+)$/m.exec(text)?.[1];
      if (!text.startsWith('Buka') || !url) return;
      opened = atConsentScreen(url, decide).then(async (address) => {
        if (!options.paste && address.startsWith('http://127.0.0.1')) await fetch(address);
        return address;
      });
    },
    ask: async () => (paste_ ?? ((text) => text))(await opened),
  };
  const order = { paste: false, port: 0, timeout: 10_000, ...options, publicUrl, talk };
  const connection = await connectChannel(hub.deps, OPERATOR, id, order);
  return { connection, said: said.join('') };
}
