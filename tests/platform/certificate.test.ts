import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { certificateEnd } from '../../src/platform/certificate.ts';
import { certificate, rawServer } from './servers.ts';

it('tells when a certificate ends, be it one that nobody trusts', async () => {
  const { port } = await rawServer(() => {}, true);
  expect(await certificateEnd(`https://localhost:${port}/`)).toEqual(
    new Date(new X509Certificate(certificate.cert).validTo),
  );
});

it('says nothing of an address where nobody answers', async () => {
  expect(await certificateEnd('https://127.0.0.1:9')).toBeNull();
});
