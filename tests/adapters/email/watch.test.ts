import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChannelError } from '#contract';
import email from '../../../adapters/email/index.ts';
import { type ImapStandIn, startImap } from '../../../simulators/mail/imap.ts';
import { Mailbox } from '../../../simulators/mail/mailbox.ts';
import { startDovecot } from '../../helpers/dovecot.ts';
import { eventually } from '../../helpers/eventually.ts';
import { mailChannel, mailHub } from './hub.ts';
import { citizensMail, subjectOf } from './mails.ts';

let box: Mailbox;
let imap: ImapStandIn;
let stop: AbortController;
beforeEach(async () => {
  box = new Mailbox('aduan@kabupaten.example', 'uji');
  imap = await startImap(box);
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await imap.close();
});

/** Listens; counts wakes. `ended`: how it ended. */
function listen(about: Record<string, unknown> = {}) {
  const { settings } = mailChannel({ port: imap.port, user: box.user, password: box.password }, about);
  const quiet = () => {};
  const ctx = {
    channel: { id: 'surel', account: box.user },
    settings,
    secret: async () => box.password,
    now: () => new Date(),
    signal: stop.signal,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  };
  const heard = { wakes: 0, ended: undefined as unknown };
  const watching = email.watch!(ctx as never, () => void heard.wakes++);
  watching.then(
    () => (heard.ended = 'well'),
    (error: unknown) => (heard.ended = error),
  );
  return heard;
}

describe('listening at a mailbox', () => {
  it('wakes at once for what came before, and for each mail after', async () => {
    const heard = listen();
    await eventually(() => expect(heard.wakes).toBe(1));
    for (let number = 2; number < 5; number++) {
      box.inbox.append(citizensMail(number));
      await eventually(() => expect(heard.wakes).toBeGreaterThanOrEqual(number));
    }
    stop.abort();
    await eventually(() => expect(heard.ended).toBe('well'));
  });

  it('hears of a mail that came between two IDLEs', async () => {
    const heard = listen({ watchdog: '100ms' });
    await eventually(() => expect(imap.counts.IDLE).toBeGreaterThan(1));
    const before = heard.wakes;
    // Just when it is not idling, and without a word about it.
    imap.steer((command) => {
      if (command.name !== 'STATUS') return undefined;
      imap.steer(null);
      const { uidNext, uidValidity } = box.inbox;
      return { reply: `* STATUS INBOX (UIDNEXT ${uidNext + 1} UIDVALIDITY ${uidValidity})\r\n{tag} OK\r\n` };
    });
    await eventually(() => expect(heard.wakes).toBeGreaterThan(before));
  });

  it('notices a server that is silent inside IDLE, and says that the connection is dead', async () => {
    imap.faults.silentIdle = true;
    const heard = listen({ watchdog: '200ms' });
    await eventually(() => expect(heard.ended).toBeInstanceOf(ChannelError));
    expect(heard.ended).toMatchObject({ kind: 'retry', message: expect.stringMatching(/does not answer/) });
    await eventually(() => expect(imap.connections()).toBe(0));
  });

  it('asks for the state of the folder where the server knows no IDLE', async () => {
    imap.faults.without = new Set(['IDLE']);
    const heard = listen({ watchdog: '100ms' });
    await eventually(() => expect(imap.counts.STATUS).toBeGreaterThan(1));
    const before = heard.wakes;
    box.inbox.append(citizensMail(1));
    await eventually(() => expect(heard.wakes).toBeGreaterThan(before));
    expect(imap.counts.IDLE).toBeUndefined();
  });

  it('passes on a connection that breaks soon, and a login that fails', async () => {
    const heard = listen();
    await eventually(() => expect(imap.counts.IDLE).toBe(1));
    imap.drop();
    await eventually(() => expect(heard.ended).toMatchObject({ kind: 'retry' }));
    const wrong = new Mailbox(box.user, 'lain');
    await imap.close();
    imap = await startImap(wrong);
    const second = listen();
    await eventually(() => expect(second.ended).toMatchObject({ kind: 'auth' }));
  });
});

describe('a hub that listens', () => {
  it('has a mail from Dovecot long before it would poll, each once', async () => {
    const server = await startDovecot();
    const { hub, titles } = await mailHub(server);
    try {
      await hub.work();
      const count = 12;
      for (let number = 0; number < count; number++) {
        await server.deliver(citizensMail(number));
        await new Promise((done) => setTimeout(done, 60));
      }
      const all = Array.from({ length: count }, (_, number) => subjectOf(number)).sort();
      await eventually(async () => expect((await titles()).sort()).toEqual(all));
    } finally {
      await hub.close();
      await server.stop();
    }
  });

  it('misses nothing when the server falls silent inside IDLE', async () => {
    imap.faults.silentIdle = true;
    const server = { port: imap.port, user: box.user, password: box.password };
    const { hub, titles } = await mailHub(server, { watchdog: '200ms' });
    try {
      await hub.work();
      await eventually(() => expect(imap.counts.IDLE).toBeGreaterThan(0));
      for (let number = 0; number < 5; number++) box.inbox.append(citizensMail(number));
      await eventually(async () => expect(await titles()).toHaveLength(5));
    } finally {
      await hub.close();
    }
  });
});
