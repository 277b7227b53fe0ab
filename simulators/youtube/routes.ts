import { type Answer, type Asked, json } from '../app/respond.ts';
import type { YoutubeSettings } from './options.ts';
import type { Comment, World } from './world.ts';

export interface Parts {
  settings: YoutubeSettings;
  world: World;
}

/** An error as YouTube words it. */
export function failure(code: number, reason: string, headers: Record<string, string> = {}): Answer {
  const errors = [{ message: reason, domain: 'youtube', reason }];
  return json(code, { error: { code, message: reason, errors } }, headers);
}

/** What a call costs, also when it is refused. */
export const unitsOf = ({ method }: Pick<Asked, 'method'>): number => (method === 'GET' ? 1 : 50);

export function dispatch(parts: Parts, asked: Asked): Answer {
  const { path, method } = asked;
  if (path === '/channels') return json(200, { items: [{ id: parts.settings.channel, snippet: snippetOf(parts) }] });
  if (path === '/commentThreads' && method === 'GET') return threads(parts, asked);
  if (path === '/comments') return method === 'POST' ? insert(parts, asked) : list(parts, asked);
  return failure(404, 'notFound');
}

const snippetOf = ({ settings: { title } }: Parts) => ({ title });

const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const commentJson = ({ id, parent, video, author, text, published, updated }: Comment) => ({
  ...{ kind: 'youtube#comment', id },
  snippet: {
    ...(parent ? { parentId: parent } : { videoId: video }),
    ...{ textDisplay: text, textOriginal: text, canRate: true, likeCount: 0 },
    ...{ authorDisplayName: author.handle, authorChannelId: { value: author.channel } },
    ...{ publishedAt: timeOf(published), updatedAt: timeOf(updated) },
  },
});

/** Only some of the replies come with their thread. */
const SUBSET = 5;

function threadJson(world: World, one: Comment) {
  const below = world.below(one.id);
  const about = { videoId: one.video, canReply: true, isPublic: !one.held, totalReplyCount: below.length };
  const replies = below.length > 0 && { replies: { comments: below.slice(-SUBSET).map(commentJson) } };
  const snippet = { ...about, topLevelComment: commentJson(one) };
  return { kind: 'youtube#commentThread', id: one.id, snippet, ...replies };
}

/** Newest thread first; a reply does not move it. */
function threads({ world, settings }: Parts, { query }: Asked): Answer {
  const ids = query.get('id')?.split(',');
  const queue = query.get('moderationStatus') ?? undefined;
  if (ids && ids.length > 50) return failure(400, 'incompatibleParameters');
  const all = [...world.comments.values()].filter((one) => one.parent === undefined);
  const rows = ids ? all.filter(({ id }) => ids.includes(id)) : all.filter(({ held }) => held === queue);
  const sorted = rows.toSorted((a, b) => b.published - a.published);
  return paged(
    sorted.map((one) => threadJson(world, one)),
    query,
    ids ? 50 : settings.pageSize,
  );
}

function paged(rows: readonly unknown[], query: URLSearchParams, size: number): Answer {
  const from = Number(query.get('pageToken')?.slice(1) ?? 0);
  if (Number.isNaN(from)) return failure(400, 'invalidPageToken');
  const items = rows.slice(from, from + size);
  const next = from + items.length < rows.length && { nextPageToken: `Z${from + items.length}` };
  return json(200, { items, pageInfo: { totalResults: rows.length, resultsPerPage: items.length }, ...next });
}

function list({ world }: Parts, { query }: Asked): Answer {
  const parent = query.get('parentId');
  const ids = query.get('id')?.split(',') ?? [];
  if (parent === null) return paged(ids.flatMap((id) => world.comments.get(id) ?? []).map(commentJson), query, 50);
  if (!world.comments.has(parent)) return failure(404, 'parentCommentNotFound');
  return paged(world.below(parent).map(commentJson), query, 100);
}

function insert({ world, settings }: Parts, { body }: Asked): Answer {
  const { parentId, textOriginal } = JSON.parse(body.toString()).snippet as Record<string, string>;
  const thread = world.comments.get(parentId ?? '');
  if (!thread || thread.parent !== undefined) return failure(404, 'parentCommentNotFound');
  if (!textOriginal) return failure(400, 'commentTextRequired');
  if (textOriginal.length > 10_000) return failure(400, 'commentTextTooLong');
  return json(200, commentJson(world.land(thread, textOriginal, settings.channel)));
}
