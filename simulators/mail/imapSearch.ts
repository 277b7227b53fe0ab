import type { Token } from './imapReader.ts';
import type { StoredMail } from './mailbox.ts';

/** `1:3,7,9:*` on a folder whose newest is `newest`. */
export function inSet(set: string, number: number, newest: number): boolean {
  return set.split(',').some((range) => {
    const [from = '*', to = from] = range.split(':');
    const ends = [from, to].map((end) => (end === '*' ? newest : Number(end)));
    return number >= Math.min(...ends) && number <= Math.max(...ends);
  });
}

const dayOf = (date: Date): number => Math.floor(date.getTime() / 86_400_000);

/** Does a mail fit these search keys? All must. Throws on a key that this stand-in does not know. */
export function matches(
  mail: StoredMail,
  sequence: number,
  keys: readonly Token[],
  newest: StoredMail | undefined,
): boolean {
  const rest = [...keys];
  const take = (): string => String(rest.shift() ?? '');
  let fits = true;
  while (rest.length > 0) {
    const key = rest.shift();
    if (Array.isArray(key)) fits &&= matches(mail, sequence, key, newest);
    else fits = test(mail, sequence, String(key).toUpperCase(), take, newest) && fits;
  }
  return fits;
}

function test(
  mail: StoredMail,
  sequence: number,
  key: string,
  take: () => string,
  newest: StoredMail | undefined,
): boolean {
  const head = () => mail.raw.toString('latin1', 0, 20_000).split('\r\n\r\n', 1)[0] ?? '';
  const header = (name: string, value: string) =>
    head()
      .split(/\r\n(?![ \t])/)
      .some(
        (line) =>
          line.toLowerCase().startsWith(`${name.toLowerCase()}:`) && line.toLowerCase().includes(value.toLowerCase()),
      );
  switch (key) {
    case 'ALL':
    case 'UNDELETED':
      return true;
    case 'UID':
      return inSet(take(), mail.uid, newest?.uid ?? 0);
    case 'SINCE':
      return dayOf(mail.at) >= dayOf(new Date(`${take()} UTC`));
    case 'BEFORE':
      return dayOf(mail.at) < dayOf(new Date(`${take()} UTC`));
    case 'HEADER':
      return header(take(), take());
    case 'SUBJECT':
    case 'FROM':
    case 'TO':
      return header(key, take());
    default:
      if (/^[\d:*,]+$/.test(key)) return inSet(key, sequence, Number.MAX_SAFE_INTEGER);
      throw new Error(`This server does not search for ${key}`);
  }
}
