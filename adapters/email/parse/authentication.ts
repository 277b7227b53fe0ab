import { type Head, headersOf } from './headers.ts';

/**
 * Did the border server find that the sender's domain vouches for this mail (DMARC)? Only its own
 * Authentication-Results field counts (RFC 8601 section 7.1), and of several the topmost: anyone can write one, and a
 * forged one stands further down. `undefined`: no border server is named, so nobody knows.
 */
export function isVerified(head: Head, from: string | undefined, authServer: string | undefined): boolean | undefined {
  if (authServer === undefined) return undefined;
  const mine = headersOf(head, 'authentication-results').map(parse);
  const result = mine.find(({ server }) => server === authServer.toLowerCase());
  const domain = from?.slice(from.lastIndexOf('@') + 1);
  if (!result || !domain) return false;
  const dmarc = result.methods.find((one) => /^dmarc\s*=/.test(one));
  if (!dmarc || !/^dmarc\s*=\s*pass\b/.test(dmarc)) return false;
  const [, about] = /\bheader\.from\s*=\s*"?(?:[^\s;"@]*@)?([^\s;"]+)/.exec(dmarc) ?? [];
  return about === undefined || about === domain;
}

function parse(value: string): { server: string; methods: string[] } {
  const [server = '', ...methods] = withoutComments(value).toLowerCase().split(';');
  return { server: server.trim().split(/\s+/)[0] ?? '', methods: methods.map((one) => one.trim()) };
}

/** Comments may be nested (RFC 5322 section 3.2.2). */
function withoutComments(value: string): string {
  let depth = 0;
  let text = '';
  for (const char of value.slice(0, 10_000)) {
    if (char === '(') depth += 1;
    else if (char === ')' && depth > 0) depth -= 1;
    else if (depth === 0) text += char;
  }
  return text;
}
