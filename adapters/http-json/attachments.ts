import type { AttachmentSource, Json } from '#contract';
import { listAt, textAt, textOf } from './path.ts';
import type { Attachments, Settings } from './settings.ts';

/** Where a file of a report was; `url` may have expired, then it is looked for again by its place. */
export type FileRef = {
  url: string;
  report?: string;
  id?: string;
};

export interface Found {
  id: string | undefined;
  name: string | undefined;
  mime: string | undefined;
  url: string | undefined;
}

/** The files that an answer names; a list of mere addresses will do. */
export function filesIn(
  given: Attachments | undefined,
  root: unknown,
  details: Readonly<Record<string, unknown>>,
): Found[] {
  if (!given) return [];
  const holder = given.of === undefined ? root : details[given.of];
  return listAt(holder, given.from).map((one) => {
    const bare = textOf(one);
    if (bare !== undefined) return { id: undefined, name: undefined, mime: undefined, url: bare };
    const text = (paths: string[] | undefined) => paths && textAt(one, paths);
    return { id: text(given.id), name: text(given.name), mime: text(given.mime), url: text(given.url) };
  });
}

/** Files of the portal itself are fetched with our credentials, others without. */
export function sourcesOf({ baseUrl }: Settings, report: string, files: readonly Found[]): AttachmentSource[] {
  return files.flatMap(({ id, name, mime, url }): AttachmentSource[] => {
    const address = url === undefined ? null : URL.parse(url, `${baseUrl}/`);
    if (!address || !/^https?:$/.test(address.protocol) || address.href.length > 4_000) return [];
    const about = { ...(name && { name: name.slice(0, 1_000) }), ...(mime && { mime: mime.slice(0, 200) }) };
    if (address.origin !== new URL(baseUrl).origin) return [{ ...about, url: address.href }];
    const ref: FileRef = { url: address.href, report, ...(id !== undefined && { id }) };
    return [{ ...about, ref: ref as unknown as Json }];
  });
}
