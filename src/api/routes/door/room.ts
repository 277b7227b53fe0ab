import type { Readable } from 'node:stream';

/** Memory for what citizens are sending right now, of all forms together: many slow lines must not fill the machine. */
export interface Room {
  /** Reads a file and works with it. `null`: there was no room, and it was only let pass. */
  hold<T>(file: Readable, work: (bytes: Buffer) => Promise<T>): Promise<T | null>;
}

/** `most`: bytes. */
export function createRoom(most: number): Room {
  let used = 0;
  return {
    async hold(file, work) {
      const chunks: Buffer[] = [];
      let mine = 0;
      const release = () => {
        used -= mine;
        mine = 0;
        chunks.length = 0;
      };
      try {
        let full = false;
        for await (const chunk of readable(file)) {
          full ||= used + chunk.length > most;
          if (full) {
            release();
            continue;
          }
          used += chunk.length;
          mine += chunk.length;
          chunks.push(chunk);
        }
        return full ? null : await work(Buffer.concat(chunks));
      } finally {
        release();
      }
    },
  };
}

/** A line that breaks is nobody's fault here. */
async function* readable(file: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of file) yield chunk as Buffer;
  } catch (cause) {
    throw Object.assign(new Error('the file did not come whole', { cause }), { statusCode: 400 });
  }
}
