import { simpleParser } from 'mailparser';
import { answerParent } from '../lib/answers.ts';

/**
 * The limit of reading mail: the parser alone, over the same bytes, one after the other in one thread, spared the work
 * that the adapter spares it. Nothing is fetched, hashed, encrypted, stored, threaded or cut.
 */
type Message = { take: { mails: string[] } } | 'run';

let mails: Buffer[] = [];

answerParent(async (message: Message) => {
  if (message !== 'run') {
    mails = message.take.mails.map((mail) => Buffer.from(mail, 'base64'));
    return {};
  }
  const began = performance.now();
  for (const mail of mails) await simpleParser(mail, { skipTextToHtml: true, skipTextLinks: true, keepCidLinks: true });
  return { ms: performance.now() - began };
});
