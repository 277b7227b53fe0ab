/** Smaller ones share their memory with others (Node's pool), and are copied as fast. */
const LARGE = 64 * 1024;
/** A view may begin a few bytes into its memory. */
const SLACK = 64;

/**
 * The memory of those bytes that can be handed to another thread without a copy: large, and with their memory for
 * themselves. Whoever hands it over cannot use it any more.
 */
export function transferable(values: readonly unknown[]): ArrayBuffer[] {
  const own = values.flatMap((value) => {
    if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) return [];
    const alone = value.buffer.byteLength - value.byteLength <= SLACK;
    return alone && value.byteLength >= LARGE ? [value.buffer] : [];
  });
  return [...new Set(own)];
}
