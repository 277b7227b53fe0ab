export interface FormPart {
  name: string;
  filename: string | undefined;
  mime: string;
  bytes: Buffer;
}

/** The parts of a `multipart/form-data` body (RFC 7578). */
export function readForm(body: Buffer, contentType: string | undefined): FormPart[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType ?? '')?.[1];
  if (!boundary) return [];
  const mark = Buffer.from(`--${boundary}`);
  const parts: FormPart[] = [];
  for (let from = body.indexOf(mark); from >= 0; ) {
    const start = from + mark.length + 2;
    const end = body.indexOf(mark, start);
    if (end < 0) break;
    const split = body.indexOf('\r\n\r\n', start);
    const head = body.subarray(start, split).toString();
    parts.push({
      name: /name="([^"]*)"/.exec(head)?.[1] ?? '',
      filename: /filename="([^"]*)"/.exec(head)?.[1],
      mime: /content-type:\s*([^\r\n;]+)/i.exec(head)?.[1] ?? 'text/plain',
      bytes: body.subarray(split + 4, end - 2),
    });
    from = end;
  }
  return parts;
}

export const textsOf = (parts: readonly FormPart[]): Record<string, string> =>
  Object.fromEntries(
    parts.filter((one) => one.filename === undefined).map(({ name, bytes }) => [name, bytes.toString()]),
  );
