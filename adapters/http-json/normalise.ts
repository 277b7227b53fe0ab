import { type Author, type Item, KINDS, type MessageItem, type NormaliseContext } from '#contract';
import { filesIn, sourcesOf } from './attachments.ts';
import type { Scope } from './expression.ts';
import { numberOfField, textOfField, timeOfField, yesOfField } from './fields.ts';
import { type Part, readPart } from './parts.ts';
import { textAt } from './path.ts';
import type { Settings } from './settings.ts';

type NormalisePart<K extends Part['part']> = Extract<Part, { part: K }>;
type Reader = Pick<NormaliseContext<Settings>, 'settings' | 'receivedAt'>;

/** One stored event to one item, as the channel's mapping says. */
export function normalise(raw: string | Uint8Array, ctx: Reader): Promise<Item | null> {
  const part = readPart(raw);
  switch (part.part) {
    case 'report':
      return reportOf(part, ctx);
    case 'status':
      return statusOf(part, ctx);
    case 'entry':
      return entryOf(part, ctx);
    case 'gone':
      return Promise.resolve({ type: 'deletion', objectId: idOf(part), at: changeOf(part, ctx) });
  }
}

function idOf({ report }: Part): string {
  if (report) return report;
  throw new Error('baris daftar ini tidak punya nomor (settings.list.id)');
}

const changeOf = ({ changed }: Part, { receivedAt }: Reader): string => changed ?? receivedAt.toISOString();

const scopeOf = (part: NormalisePart<'report' | 'status'>, { receivedAt }: Reader): Scope => ({
  root: part.root,
  named: { ...part.details, list: part.row },
  at: receivedAt,
});

async function reportOf(part: NormalisePart<'report'>, ctx: Reader): Promise<MessageItem> {
  const { map } = ctx.settings;
  const id = idOf(part);
  const scope = scopeOf(part, ctx);
  const text = await textOfField(map.text, scope);
  const title = await textOfField(map.title, scope);
  if (text === undefined && title === undefined) throw new Error('map.text: tidak satu pun ekspresinya memberi teks');
  const written = await timeOfField(map.at, scope, 'at');
  const ours = await textOfField(map.ours, scope);
  const files = sourcesOf(ctx.settings, id, filesIn(map.attachments, part.root, part.details ?? {}));
  const about = await aboutOf(map, scope);
  const author = await authorOf(map.author, scope);
  return {
    ...{ type: 'message', surface: 'report', objectId: id, threadId: id },
    at: part.edits ? editedAt(part, written, ctx) : (written ?? changeOf(part, ctx)),
    ...(part.edits && { edited: true }),
    ...(ours !== undefined && { fromUs: true, publicationKey: ours.slice(0, 200) }),
    ...(title !== undefined && { title: title.slice(0, 2_000) }),
    text: text ?? title ?? '',
    ...given({ author: author && named(author, id, about.anonymous), attachments: files.length ? files : undefined }),
    ...about,
  };
}

/** What else a report tells of itself. */
async function aboutOf(map: Settings['map'], scope: Scope): Promise<Partial<MessageItem>> {
  const kind = await textOfField(map.kind, scope);
  const [anonymous, secret] = [await yesOfField(map.anonymous, scope), await yesOfField(map.secret, scope)];
  const rating = await numberOfField(map.rating, scope);
  return given({
    ...{ anonymous, secret, kind: KINDS.find((one) => one === kind) },
    category: (await textOfField(map.category, scope))?.slice(0, 200),
    location: await locationOf(map, scope),
    occurredAt: await timeOfField(map.occurredAt, scope, 'occurredAt'),
    permalink: addressOf(await textOfField(map.permalink, scope)),
    rating: rating !== undefined && Number.isInteger(rating) && rating >= 1 && rating <= 5 ? rating : undefined,
    ref: await refOf(map, scope, { anonymous, secret }),
  });
}

/** What a request about this report will need. */
async function refOf(
  map: Settings['map'],
  scope: Scope,
  flags: { anonymous: boolean | undefined; secret: boolean | undefined },
) {
  const named: Record<string, string> = {};
  for (const [name, field] of Object.entries(map.ref)) {
    const text = await textOfField(field, scope);
    if (text !== undefined) named[name] = text;
  }
  const ticket = await textOfField(map.ticket, scope);
  return { anonymous: flags.anonymous ?? false, secret: flags.secret ?? false, ...given({ ticket }), ...named };
}

async function locationOf(map: Settings['map'], scope: Scope): Promise<MessageItem['location']> {
  const text = (await textOfField(map.location, scope))?.slice(0, 2_000);
  const [lat, lon] = [await numberOfField(map.lat, scope), await numberOfField(map.lon, scope)];
  const placed = lat !== undefined && lon !== undefined && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return text || placed ? { ...given({ text }), ...(placed && { lat, lon }) } : undefined;
}

const LENGTHS = { id: 1_000, name: 500, phone: 50, email: 320, address: 2_000 } as const;

async function authorOf(map: Settings['map']['author'], scope: Scope): Promise<Author | undefined> {
  const author: Author = {};
  for (const [name, most] of Object.entries(LENGTHS) as [keyof typeof LENGTHS, number][]) {
    const text = await textOfField(map?.[name], scope);
    if (text !== undefined) author[name] = text.slice(0, most);
  }
  return Object.keys(author).length > 0 ? author : undefined;
}

/**
 * Most portals name no account. Then who wrote is known by how they are reached; an anonymous reporter only within the
 * one report, so that nothing ties their reports together.
 */
const named = (author: Author, report: string, anonymous: boolean | undefined): Author => ({
  ...author,
  id: anonymous ? `laporan ${report}` : (author.id ?? author.phone ?? author.email ?? `laporan ${report}`),
});

const addressOf = (text: string | undefined): string | undefined =>
  text && text.length <= 4_000 && /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined;

/** The portal's own word stays as it is; what it means to us stands beside it. */
async function statusOf(part: NormalisePart<'status'>, ctx: Reader): Promise<Item | null> {
  const { status } = ctx.settings;
  const code = status && textAt(part.root, status.from);
  if (!status || code === undefined) return null;
  const scope = scopeOf(part, ctx);
  const label = await textOfField(status.label, scope);
  const known = Object.hasOwn(status.table, code);
  return {
    ...{ type: 'status', objectId: idOf(part), code: code.slice(0, 200) },
    at: after((await timeOfField(status.at, scope, 'status.at')) ?? changeOf(part, ctx), part.moves),
    ...given({ label: label?.slice(0, 500), state: known ? status.table[code] : undefined }),
    ...(!known && !status.hold.includes(code) && { unknown: true }),
  };
}

/** Times of portals end at the second or the minute, and more may change within one: what was seen later is later. */
const after = (at: string, moves = 0): string => new Date(Date.parse(at) + Math.min(moves, 900)).toISOString();

/** An edit comes after what it changes, also within the second in which that was written. */
function editedAt(part: NormalisePart<'report'>, written: string | undefined, ctx: Reader): string {
  const { edits = 1 } = part;
  const changed = changeOf(part, ctx);
  const late = written === undefined || Date.parse(changed) > Date.parse(written);
  return late ? after(changed, edits - 1) : after(written, edits);
}

/** What stands below a report: an answer of ours, or the citizen's next words. */
async function entryOf(part: NormalisePart<'entry'>, ctx: Reader): Promise<Item | null> {
  const entries = ctx.settings.entries[part.kind];
  if (!entries) return null;
  const report = idOf(part);
  const scope: Scope = { root: part.entry, named: { report: part.report }, at: ctx.receivedAt };
  const type = await textOfField(entries.type, scope);
  if (type !== 'ours' && type !== 'citizen') return null;
  const id = textAt(part.entry, entries.id);
  if (id === undefined) throw new Error('tulisan di bawah laporan tidak punya nomor (settings.entries)');
  const key = await textOfField(entries.key, scope);
  const files = sourcesOf(ctx.settings, report, filesIn(entries.attachments, part.entry, {}));
  return {
    ...{ type: 'message', surface: 'report', objectId: entryId(report, id), threadId: report, parentId: report },
    at: (await timeOfField(entries.at, scope, 'entries.at')) ?? changeOf(part, ctx),
    ...(type === 'ours' && { fromUs: true, ...given({ publicationKey: key?.slice(0, 200) }) }),
    text: (await textOfField(entries.text, scope)) ?? '',
    ...given({ author: await authorOf(entries.author, scope), attachments: files.length ? files : undefined }),
  };
}

/** Ids of entries and of reports may be the same numbers. */
export const entryId = (report: string, entry: string): string => `${report}/${entry}`;

/** Without what is undefined. */
function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
