import { describe, expect, it } from 'vitest';
import {
  instanceMark,
  isOurInstance,
  ourMessageId,
  outboxId,
  readOurId,
  replyAddress,
  splitAddress,
  threadOfAddress,
} from '../../../adapters/email/ids.ts';
import { refOf } from '../../../adapters/email/ref.ts';
import { kitTokens } from '../../kit/context.ts';

const KEY = '0198f3aa-1111-7222-8333-444455556666';
const THREAD = 'k7m4qdx2pk7m4qdx2pk7m4qd';
const { verify } = kitTokens;

describe('our Message-ID', () => {
  const outbox = outboxId(KEY, THREAD, kitTokens);
  const id = ourMessageId(outbox, 'aduan@kabupaten.go.id');

  it('is the same over all attempts, and tells key and thread when it comes back', () => {
    expect(outboxId(KEY, THREAD, kitTokens)).toBe(outbox);
    for (const form of [id, `<${id}>`, ` <${id}> `, outbox, id.toUpperCase()])
      expect(readOurId(form, verify), form).toEqual({ key: KEY, threadId: THREAD });
  });

  it('is not believed without our signature', () => {
    const { issue } = kitTokens;
    const other = issue('a'.repeat(24)).slice(-12);
    for (const form of [
      `${KEY}.${THREAD}.${other}@kabupaten.go.id`,
      `${KEY}@kabupaten.go.id`,
      'CAF+abc@mail.gmail.com',
      '',
    ])
      expect(readOurId(form, verify), form).toBeNull();
  });

  it('has no token for a thread that is no mail, and refuses a key that would break the header', () => {
    expect(outboxId(KEY, 'thread 1', kitTokens)).toBe(KEY);
    expect(() => outboxId('a\r\nBcc: x', THREAD, kitTokens)).toThrow(RangeError);
  });
});

describe('the address that answers come back to', () => {
  it('names the thread, in whatever case it comes back', () => {
    const address = replyAddress('aduan@kabupaten.go.id', THREAD, kitTokens);
    expect(address).toMatch(/^aduan\+[a-z2-7]{24}\.[a-z2-7]{12}@kabupaten\.go\.id$/);
    expect(splitAddress(address).local.length).toBeLessThanOrEqual(64);
    expect(threadOfAddress(address, verify)).toBe(THREAD);
    expect(threadOfAddress(address.toUpperCase(), verify)).toBe(THREAD);
  });

  it('stays plain when it would be longer than a local part may be, or has no thread', () => {
    const long = `${'pengaduan.masyarakat.diskominfo'}@kabupaten.go.id`;
    expect(replyAddress(long, THREAD, kitTokens)).toBe(long);
    expect(replyAddress('aduan@kabupaten.go.id', 'lain sekali', kitTokens)).toBe('aduan@kabupaten.go.id');
  });

  it('says nothing when it is plain, foreign or forged', () => {
    for (const address of [
      'aduan@kabupaten.go.id',
      'aduan+kabar@kabupaten.go.id',
      `aduan+${THREAD}.aaaaaaaaaaaa@kabupaten.go.id`,
    ])
      expect(threadOfAddress(address, verify), address).toBeNull();
  });
});

it('reads what normalise kept, and answers a mail without it', () => {
  const ref = { messageId: 'a@b', references: ['c@d'], subject: 'Lampu' };
  expect(refOf({ ref })).toEqual(ref);
  for (const odd of [undefined, null, 'x', { references: 'x' }] as const)
    expect(refOf(odd === undefined ? {} : { ref: odd })).toEqual({ references: [], subject: '' });
});

it('marks what this hub sent on this channel, and knows the mark again', () => {
  expect(isOurInstance(` ${instanceMark(kitTokens)} `, verify)).toBe(true);
  for (const odd of ['', 'instance', kitTokens.issue(THREAD)]) expect(isOurInstance(odd, verify)).toBe(false);
});
