import { type AttachmentStream, type Headers, MailParser, type MessageText } from 'mailparser';

/** An attachment as it was found; `bytes` only where they were wanted. */
export interface Part {
  /** Its place among the attachments, from 0: names it inside this mail for ever. */
  index: number;
  mime: string;
  name?: string;
  size: number;
  bytes?: Buffer;
}

export interface ReadMail {
  headers: Headers;
  text: string;
  html?: string;
  parts: Part[];
}

export interface ReadOptions {
  /** The most parts of any kind. */
  maxParts: number;
  /** Of attachments that were left out, by the text in their place. */
  sizes?: ReadonlyMap<string, number>;
  /** Which attachments' bytes are wanted, and how many of each. */
  keep(part: Pick<Part, 'index' | 'mime'>): number;
}

const MARK_BYTES = 36;
const MAX_HEAD = 512 * 1024;
const MAX_HTML = 1_000_000;

/**
 * Reads a mail with limits (package `mailparser`): parts, nesting, head, HTML. What is over them throws, in words for
 * operators. Attachments flow by; only what is wanted stays in memory. Links are not made and pictures not put in: the
 * library's work on them grows faster than the mail.
 */
export function readMail(mail: Buffer, options: ReadOptions): Promise<ReadMail> {
  const parser = new MailParser({
    maxChildNodes: options.maxParts,
    maxHeadSize: MAX_HEAD,
    maxHtmlLengthToParse: MAX_HTML,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
    keepDeliveryStatus: true,
    checksumAlgo: false,
  });
  return new Promise((resolve, reject) => {
    const read: ReadMail = { headers: new Map(), text: '', parts: [] };
    parser.on('headers', (headers: Headers) => {
      read.headers = headers;
    });
    parser.on('data', (data: AttachmentStream | MessageText) => {
      if (data.type === 'attachment') takePart(data, read.parts, options);
      else takeText(data, read);
    });
    parser.once('error', (error: Error) => {
      parser.destroy();
      reject(new Error(reasonOf(error)));
    });
    parser.once('end', () => resolve(read));
    parser.end(mail);
  });
}

function takeText({ text, html }: MessageText, read: ReadMail): void {
  read.text = text ?? '';
  if (html) read.html = html;
}

function takePart(stream: AttachmentStream, parts: Part[], { keep, sizes }: ReadOptions): void {
  const part: Part = {
    index: parts.length,
    mime: stream.contentType.slice(0, 200),
    ...(stream.filename && { name: stream.filename.slice(0, 500) }),
    size: 0,
  };
  parts.push(part);
  const most = keep(part);
  const wanted = Math.max(most, sizes?.size ? MARK_BYTES : 0);
  const chunks: Buffer[] = [];
  stream.content.on('data', (chunk: Buffer) => {
    if (part.size < wanted) chunks.push(chunk.subarray(0, wanted - part.size));
    part.size += chunk.length;
  });
  stream.content.once('end', () => {
    const bytes = Buffer.concat(chunks);
    const leftOut = part.size === MARK_BYTES ? sizes?.get(bytes.toString('latin1')) : undefined;
    if (leftOut !== undefined) part.size = leftOut;
    else if (most > 0) part.bytes = bytes.subarray(0, most);
    stream.release?.();
  });
}

/** The library's words, for operators. They never quote the mail. */
function reasonOf({ message }: Error): string {
  if (/child nodes/i.test(message)) return 'Surat ini punya terlalu banyak bagian untuk dibaca.';
  if (/header/i.test(message)) return 'Kepala surat ini terlalu besar untuk dibaca.';
  return 'Surat ini rusak dan tidak dapat dibaca.';
}
