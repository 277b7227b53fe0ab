import { expect, it } from 'vitest';
import { mailDoubts } from './mail.ts';

/** `MAIL_DOUBTS=300 npx vitest run tests/crash/mail.test.ts` is the long form. */
const long = process.env.MAIL_DOUBTS !== undefined;
const mails = Number(process.env.MAIL_DOUBTS ?? 24);
const kills = Math.max(2, Math.round(mails / 20));
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1e9));
const sound = { mails, kills, doubled: 0, falselyPublished: 0 };

const run = async (server: 'unfiled' | 'claimed' | 'provider') => {
  const result = await mailDoubts({ server, mails, kills, seed, patient: long });
  if (long) process.stdout.write(`${server}, seed ${seed}: ${JSON.stringify(result)}\n`);
  return result;
};

it('sends no mail twice where the server takes it, files nothing and breaks the connection', async () => {
  const result = await run('unfiled');
  expect(result, `seed ${seed}`).toMatchObject({ ...sound, published: 0, unknown: 0, withPerson: mails });
  // A worker that was killed before the dot leaves a doubt, too.
  expect(result.received).toBeGreaterThan(mails * 0.7);
}, 300_000);

it('sends no mail twice where the server is said to file what it takes, and does not', async () => {
  const result = await run('claimed');
  expect(result, `seed ${seed}`).toMatchObject({ ...sound, published: 0 });
  expect(result.withPerson + result.unknown).toBe(mails);
  expect(result.received).toBeGreaterThan(mails * 0.7);
}, 300_000);

it('sends each mail once where the server files what it takes, whatever breaks', async () => {
  const result = await run('provider');
  expect(result, `seed ${seed}`).toMatchObject({ ...sound, withPerson: 0 });
  expect(result.published + result.unknown).toBe(mails);
  // The short form does not wait for looks that were killed: what the server did not take may still be to be sent.
  const least = long ? mails : mails * 0.5;
  expect(result.published).toBeGreaterThanOrEqual(least);
  expect(result.received).toBeGreaterThanOrEqual(least);
}, 300_000);
