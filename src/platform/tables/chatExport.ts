import { decodeText } from './decode.ts';
import { TableFault } from './fault.ts';
import { isZip, openZip, type ZipEntry } from './zip.ts';

export interface ChatExport {
  text: string;
  /** A file that came with it, by its name; `undefined`: it was not exported, or cannot be read. */
  file(name: string): Buffer | undefined;
}

export const CHAT_LIMITS = {
  /** Of the file as it comes. */
  fileBytes: 32 * 1024 ** 2,
  textBytes: 4 * 1024 ** 2,
  zip: { entries: 5_000, bytes: 128 * 1024 ** 2 },
} as const;

/** An exported chat: the text alone, or the zip with its media. Throws a `TableFault`. */
export function openChatExport(bytes: Buffer): ChatExport {
  if (bytes.length > CHAT_LIMITS.fileBytes)
    throw new TableFault(`ekspor lebih besar dari ${CHAT_LIMITS.fileBytes / 1024 ** 2} MB; ekspor tanpa media`);
  if (!isZip(bytes)) return { text: textOf(bytes), file: () => undefined };
  const entries = openZip(bytes, CHAT_LIMITS.zip);
  const chat = entries.find(({ name }) => /(^|\/)(_chat|WhatsApp Chat[^/]*|Chat WhatsApp[^/]*)\.txt$/i.test(name));
  if (!chat) throw new TableFault('tidak ada _chat.txt dalam berkas zip ini; pakai zip dari Ekspor chat WhatsApp');
  return { text: textOf(chat.read()), file: (name) => contentOf(entries, name) };
}

function textOf(bytes: Buffer): string {
  if (bytes.length > CHAT_LIMITS.textBytes)
    throw new TableFault(`teks obrolan lebih besar dari ${CHAT_LIMITS.textBytes / 1024 ** 2} MB`);
  return decodeText(bytes).replace(/^\ufeff/, '');
}

/** One file that is damaged, or one too many, costs no message. */
function contentOf(entries: readonly ZipEntry[], wanted: string): Buffer | undefined {
  try {
    return entries.find(({ name }) => name.split('/').at(-1) === wanted)?.read();
  } catch (error) {
    if (error instanceof TableFault) return undefined;
    throw error;
  }
}
