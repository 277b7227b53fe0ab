import type { HttpRequest } from '#contract';

interface Body {
  data?: Buffer;
  contentType?: string;
}

/** The bytes of a request's body, and their type. Throws a TypeError when an adapter gives more than one body. */
export async function bodyOf(request: HttpRequest): Promise<Body> {
  const { json, form, parts, bytes } = request;
  if ([json, form, parts, bytes].filter((body) => body !== undefined).length > 1)
    throw new TypeError('a request may have one body only: json, form, parts or bytes');
  if (json !== undefined) return { data: Buffer.from(JSON.stringify(json)), contentType: 'application/json' };
  if (form)
    return {
      data: Buffer.from(new URLSearchParams(form).toString()),
      contentType: 'application/x-www-form-urlencoded',
    };
  if (parts) return multipart(parts);
  return bytes ? { data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) } : {};
}

async function multipart(parts: NonNullable<HttpRequest['parts']>): Promise<Body> {
  const form = new FormData();
  for (const { name, value, filename, mime } of parts) {
    if (typeof value === 'string' && !filename && !mime) form.append(name, value);
    else
      form.append(
        name,
        new Blob([new Uint8Array(Buffer.from(value as Uint8Array))], mime ? { type: mime } : {}),
        filename ?? 'file',
      );
  }
  const encoded = new Response(form);
  const data = Buffer.from(await encoded.arrayBuffer());
  return { data, contentType: encoded.headers.get('content-type') ?? 'multipart/form-data' };
}
