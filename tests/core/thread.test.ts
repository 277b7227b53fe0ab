import { describe, expect, it } from 'vitest';
import type { MessageItem } from '#contract';
import { decide, type Known } from '../../src/core/thread.ts';

const mail = (about: Partial<MessageItem> = {}): MessageItem => ({
  type: 'message',
  objectId: 'm-2',
  threadId: 't-1',
  at: '2026-11-24T01:00:00.000Z',
  surface: 'mail',
  text: 'Lampunya masih mati',
  claimed: true,
  ...about,
});
const open = { complaintId: 'c-1', state: 'in_progress' } as const;
const answered = { complaintId: 'c-1', state: 'answered' } as const;
const here = new Set(['c-1']);
const nowhere = new Set<string>();
const joins = (stranger: boolean, reaction = false) => ({ do: 'join', complaintId: 'c-1', reaction, stranger });
const opens = { do: 'open', state: 'received' };

describe('a thread that is only claimed', () => {
  it.each<[string, Partial<MessageItem>, Known, object]>([
    ['joins by its thread', {}, { thread: open, wroteIn: here }, joins(false)],
    ['marks a stranger who knows the thread', {}, { thread: open, wroteIn: nowhere }, joins(true)],
    ['marks one of whom nothing is known', {}, { thread: open }, joins(true)],
    ['reacts to an answer', {}, { thread: answered, wroteIn: here }, joins(false, true)],
    ['takes a plain thanks for none', { text: 'Terima kasih' }, { thread: answered, wroteIn: here }, joins(false)],
    ['takes a robot for none', { automated: true }, { thread: answered, wroteIn: here }, joins(false)],
    [
      'joins by our message that it quotes, where its author wrote before',
      {},
      { parent: { complaintId: 'c-1', ours: true }, wroteIn: here },
      joins(false, true),
    ],
    [
      'opens a complaint of its own for a stranger who quotes us',
      {},
      { parent: { complaintId: 'c-1', ours: true }, wroteIn: nowhere },
      opens,
    ],
    ['joins by a ticket number of its author', { ticketNo: 'K' }, { ticket: open, wroteIn: here }, joins(false)],
    ['joins no ticket number of someone else', { ticketNo: 'K' }, { ticket: open, wroteIn: nowhere }, opens],
    ['waits for a person when it may be spam', { unsure: true }, {}, { do: 'open', state: 'new' }],
  ])('%s', (_, about, known, wanted) => {
    expect(decide(mail(about), known)).toEqual(wanted);
  });

  it('is believed where the platform names it', () => {
    const said = mail({ claimed: false });
    expect(decide(said, { thread: open })).toEqual(joins(false));
    expect(decide(said, { parent: { complaintId: 'c-1', ours: true } })).toEqual(joins(false, true));
  });
});
