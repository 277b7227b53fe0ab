const MAX_BYTES = 120;
const MAX_EXTENSION = 12;

/** What citizens send. Others keep the extension they have. */
const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/heic': 'heic',
  'video/mp4': 'mp4',
  'video/3gpp': '3gp',
  'video/quicktime': 'mov',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/amr': 'amr',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/plain': 'txt',
  'text/csv': 'csv',
};

/** Names that Windows keeps for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
// Control, format and bidi characters, lone surrogates, private use, line separators: they hide what a name is.
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A name under which a file can be stored, shown and downloaded anywhere: no folders, nothing invisible, at most 120
 * bytes of UTF-8, with an extension where the type is known. `../../etc/passwd` becomes `passwd`.
 */
export function safeName(name: string | undefined, mime: string | undefined): string {
  const last = (name ?? '').replace(INVISIBLE, '').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .normalize('NFC')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const [stem, extension] = split(plain);
  const known = extension || EXTENSIONS[mime ?? ''] || '';
  const body = RESERVED.test(`${stem}.`) ? `_${stem}` : stem || 'lampiran';
  const tail = known && `.${known}`;
  return `${cut(body, MAX_BYTES - Buffer.byteLength(tail)).replace(/[. ]+$/, '')}${tail}`;
}

/** `foto.jpg` to `foto` and `jpg`. A long or odd ending is no extension. */
function split(name: string): [string, string] {
  const found = /^(.+)\.([A-Za-z0-9]+)$/.exec(name);
  return found?.[1] && found[2] && found[2].length <= MAX_EXTENSION ? [found[1], found[2]] : [name, ''];
}

/** At most so many bytes, never through the middle of a character as people see it. */
function cut(text: string, bytes: number): string {
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (Buffer.byteLength(kept + segment) > bytes) break;
    kept += segment;
  }
  // One character may be longer than all there is (a letter with a thousand accents).
  return kept || Buffer.from(text).subarray(0, bytes).toString('utf8').replaceAll('\ufffd', '');
}
