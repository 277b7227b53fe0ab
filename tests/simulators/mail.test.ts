import { afterEach, expect, it } from 'vitest';
import { conversations } from '../../simulators/mail/page.ts';
import { Post, type Seen } from '../../simulators/mail/post.ts';

const USER = 'aduan@contohkab.example';
let post: Post | undefined;
afterEach(() => post?.close());

it('a citizen writes into the mailbox, and answers in the thread with what was quoted', async () => {
  post = await Post.start({ user: USER, password: 'sandi-uji-surel' });
  await post.write();
  const [first] = post.seen;
  expect(first).toMatchObject({ to: USER, automatic: false });
  expect(post.mailbox.inbox.mails).toHaveLength(1);
  const ours: Seen = { ...first!, from: `aduan+x@contohkab.example`, to: first!.from, id: '<kami@x>' };
  await post.answer({ ...ours, thread: [...first!.thread, '<kami@x>'], text: 'Sudah kami perbaiki.' });
  const [, answer] = post.seen;
  expect(answer).toMatchObject({ from: first!.from, to: ours.from, subject: `Re: ${first!.subject}` });
  expect(answer!.thread.slice(0, 2)).toEqual([first!.id, '<kami@x>']);
  expect(answer!.text).toMatch(/menulis:\n\n> Sudah kami perbaiki\./);
});

it('shows conversations, the newest first, or those with a word in a subject', () => {
  const mail = (id: string, parent: string | null, subject: string): Seen => ({
    ...{ at: new Date(0), from: 'a@x', to: 'b@x', subject, id, text: `isi ${id}`, automatic: false },
    thread: parent ? [parent, id] : [id],
  });
  const seen = [mail('1', null, 'Lampu'), mail('2', null, 'Sampah'), mail('3', '1', 'Re: Lampu [K7M]')];
  const all = conversations(seen);
  expect(all.indexOf('isi 2')).toBeLessThan(all.indexOf('isi 1'));
  expect(all.indexOf('isi 1')).toBeLessThan(all.indexOf('isi 3'));
  expect(conversations(seen, 'K7M')).toMatch(/isi 1[\s\S]*Balasan: 1[\s\S]*isi 3/);
  expect(conversations(seen, 'K7M')).not.toContain('isi 2');
  expect(conversations(seen, 'XXX')).toContain('Belum ada surat');
});
