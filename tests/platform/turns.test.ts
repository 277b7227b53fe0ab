import { expect, it } from 'vitest';
import { createTurns } from '../../src/platform/turns.ts';

/** Work that ends when it is told to, and notes when it runs. */
function works(names: readonly string[]) {
  const running = new Set<string>();
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    running.add(name);
    return new Promise<string>((done) =>
      ends.set(name, () => {
        running.delete(name);
        done(name);
      }),
    );
  };
  return {
    work: Object.fromEntries(names.map((name) => [name, work(name)])),
    running,
    end: (name: string) => ends.get(name)?.(),
  };
}
const settle = () => new Promise((done) => setImmediate(done));

it('one for each key, in order, and at most so many in all', async () => {
  const { work, running, end } = works(['a1', 'a2', 'b', 'c']);
  const turns = createTurns(2);
  const all = ['a1', 'a2', 'b', 'c'].map((name) => turns.run(name[0]!, work[name]!));
  await settle();
  expect([...running]).toEqual(['a1', 'b']);
  end('a1');
  await settle();
  expect([...running].sort()).toEqual(['b', 'c']);
  end('b');
  await settle();
  expect([...running].sort()).toEqual(['a2', 'c']);
  end('c');
  end('a2');
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b', 'c']);
});

it('a turn inside of a turn waits for no place, also for a key that somebody waits for', async () => {
  const turns = createTurns(1);
  const outer = turns.run('a', async () => {
    void turns.run('b', async () => 'later');
    await settle();
    return turns.run('b', async () => 'inside');
  });
  expect(await outer).toBe('inside');
});

it('what fails frees its place', async () => {
  const turns = createTurns(1);
  await expect(turns.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(turns.run('a', async () => 1)).resolves.toBe(1);
});
