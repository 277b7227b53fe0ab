import { expect, it } from 'vitest';
import { isVerified } from '../../../../adapters/email/parse/authentication.ts';
import { headOf } from '../../../../adapters/email/parse/headers.ts';

const OURS = 'mx.kab.example';
const verdict = (headers: readonly string[], from = 'budi@surel.example', server: string | undefined = OURS) =>
  isVerified(headOf(Buffer.from(headers.map((one) => `Authentication-Results: ${one}\r\n`).join(''))), from, server);

it.each([
  [
    'DMARC passed',
    [`${OURS}; dkim=pass header.d=surel.example; dmarc=pass (p=reject) header.from=surel.example`],
    true,
  ],
  ['with a version', [`${OURS} 1; spf=pass; dmarc=pass header.from=surel.example`], true],
  ['DMARC failed', [`${OURS}; dmarc=fail header.from=surel.example`], false],
  ['only DKIM and SPF', [`${OURS}; dkim=pass header.d=lain.example; spf=pass smtp.mailfrom=lain.example`], false],
  ['about another domain', [`${OURS}; dmarc=pass header.from=lain.example`], false],
  ['"pass" stands in a comment only', [`${OURS}; dmarc=fail (dmarc=pass header.from=surel.example)`], false],
  ['a word that begins like pass', [`${OURS}; dmarc=passed header.from=surel.example`], false],
  ['of another server', ['mx.lain.example; dmarc=pass header.from=surel.example'], false],
  ['a forged one below ours', [`${OURS}; dmarc=fail`, `${OURS}; dmarc=pass header.from=surel.example`], false],
  ['another server above ours', ['mx.lain.example; dmarc=fail', `${OURS}; dmarc=pass header.from=surel.example`], true],
  ['folded', [`${OURS};\r\n dkim=pass;\r\n\tdmarc=pass header.from=surel.example`], true],
  ['none', [], false],
])('%s', (_, headers, wanted) => {
  expect(verdict(headers)).toBe(wanted);
});

it('says nothing where no border server is named', () => {
  const forged = headOf(Buffer.from(`Authentication-Results: ${OURS}; dmarc=pass\r\n`));
  expect(isVerified(forged, 'budi@surel.example', undefined)).toBeUndefined();
});
