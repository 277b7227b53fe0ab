import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/** A body that is a file. */
export const bytes = z
  .custom<Buffer>(Buffer.isBuffer, 'the bytes of the file')
  .meta({ type: 'string', format: 'binary' });

/** In this scope every body is taken as it is, whatever type it says it has. */
export function takeBytes(app: FastifyInstance, bodyLimit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
}
