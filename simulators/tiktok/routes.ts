import type { Answer, Asked } from '../app/respond.ts';
import { envelope, failure } from './envelope.ts';
import type { Manners, TiktokSettings } from './options.ts';
import type { Comment, World } from './world.ts';

export interface Parts {
  settings: TiktokSettings;
  world: World;
  manners: Manners;
}

type Route = (parts: Parts, asked: Asked) => Answer;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /business/video/list/': videos,
  'GET /business/comment/list/': comments,
  'GET /business/comment/reply/list/': replies,
  'POST /business/comment/reply/create/': reply,
  'POST /business/comment/hide/': hide,
  'POST /business/message/send/': message,
  'GET /business/mention/video/list/': (parts, asked) => mentions(parts, asked, false),
  'GET /business/mention/comment/list/': (parts, asked) => mentions(parts, asked, true),
};

export function dispatch(parts: Parts, asked: Asked): Answer {
  const route = ROUTES[`${asked.method} ${asked.path}`];
  if (!route) return failure(40006, 'No schema found');
  const named = asked.method === 'GET' ? asked.query.get('business_id') : bodyOf(asked).business_id;
  return named === parts.settings.account ? route(parts, asked) : failure(40001, 'No permission for this account');
}

const bodyOf = ({ body }: Asked): Record<string, unknown> => JSON.parse(body.toString());

function videos(parts: Parts, asked: Asked): Answer {
  const rows = [...parts.world.videos.values()].toSorted((a, b) => b.at - a.at);
  return paged(
    parts,
    asked,
    'videos',
    rows.map(({ id, caption, at }) => ({
      ...{ item_id: id, create_time: String(at), caption, comments: countOf(parts.world, id) },
      share_url: `https://www.tiktok.example/@${parts.settings.handle}/video/${id}`,
    })),
  );
}

const countOf = ({ comments: all }: World, video: string) =>
  [...all.values()].filter((one) => one.video === video).length;

const WITH_IT = 3;

function commentJson({ world }: Parts, one: Comment, replies = false): Record<string, unknown> {
  const below = world.below(one.id);
  return {
    ...{ comment_id: one.id, video_id: one.video, ...(one.parent && { parent_comment_id: one.parent }) },
    ...{ user_id: '', unique_identifier: one.author.uid, username: one.author.handle, display_name: one.author.name },
    ...{ create_time: String(one.at), text: one.text, likes: 0, owner: one.own, liked: false, pinned: false },
    ...{ status: one.status, replies: below.length, profile_image: '', image_url: one.image ?? '' },
    ...(replies && { reply_list: below.slice(0, WITH_IT).map((reply) => commentJson({ world } as Parts, reply)) }),
  };
}

function comments(parts: Parts, asked: Asked): Answer {
  const { query } = asked;
  const all = [...parts.world.comments.values()].filter(
    (one) => one.video === query.get('video_id') && one.parent === undefined,
  );
  const ids = query.get('comment_ids');
  const wanted = ids === null ? null : (JSON.parse(ids) as string[]);
  if (wanted && wanted.length > 30) return failure(40002, 'comment_ids: at most 30');
  const shown = all.filter((one) => query.get('status') === 'ALL' || one.status === 'PUBLIC');
  const rows = shown.toSorted((a, b) => b.at - a.at || (BigInt(b.id) > BigInt(a.id) ? 1 : -1));
  const picked = wanted ? rows.filter(({ id }) => wanted.includes(id)) : rows;
  const lists = picked.map((one) => commentJson(parts, one, query.get('include_replies') === 'true'));
  return paged(parts, asked, 'comments', lists);
}

function replies(parts: Parts, asked: Asked): Answer {
  const id = asked.query.get('comment_id') ?? '';
  if (!parts.world.comments.has(id)) return failure(40002, 'comment not found');
  const rows = parts.world.below(id).map((one) => commentJson(parts, one));
  return paged(parts, asked, 'comments', rows);
}

/** Pages count from the start, and are weak: short, in another order, with rows that come twice. */
function paged({ manners }: Parts, { query }: Asked, name: string, rows: readonly unknown[]): Answer {
  const from = Number(query.get('cursor') ?? 0);
  const most = Math.min(Number(query.get('max_count') ?? 20), name === 'videos' ? 20 : 30);
  const size = manners.shortPages ? Math.max(1, Math.floor(most / 4)) : most;
  const page = rows.slice(manners.duplicates && from > 0 ? from - 1 : from, from + size);
  const next = Math.min(from + size, rows.length);
  const shown = manners.shuffle ? page.toReversed() : page;
  return envelope({ [name]: shown, cursor: next, has_more: next < rows.length });
}

function reply({ world, settings, manners }: Parts, asked: Asked): Answer {
  const { video_id: video, comment_id: id, text } = bodyOf(asked);
  const below = world.comments.get(String(id));
  if (!below || below.video !== String(video)) return failure(40002, 'comment not found');
  if (typeof text !== 'string' || [...text].length > settings.maxChars) return failure(40002, 'text is too long');
  const repeated = manners.hideRepeated && world.landed.some((one) => one.text === text);
  const made = world.answer(below, text, repeated ? 'HIDDEN' : 'PUBLIC');
  world.land(below.id, text, made.id);
  return envelope(commentJson({ world } as Parts, made));
}

function hide({ world }: Parts, asked: Asked): Answer {
  const { comment_id: id, action } = bodyOf(asked);
  const comment = world.comments.get(String(id));
  if (!comment) return failure(40002, 'comment not found');
  world.setStatus(comment, action === 'HIDE' ? 'HIDDEN' : 'PUBLIC');
  return envelope({});
}

function message({ world }: Parts, asked: Asked): Answer {
  const { recipient, text } = bodyOf(asked) as { recipient: string; text: { body: string } };
  const id = world.nextId();
  world.land(recipient, text.body, id);
  return envelope({ message: { message_id: id } });
}

function mentions(parts: Parts, asked: Asked, comments_: boolean): Answer {
  const rows = parts.world.mentions.filter(({ comment }) => (comment !== undefined) === comments_);
  const common = (one: (typeof rows)[number]) => ({
    ...{ item_id: one.video, caption: one.caption },
    video_link: `https://www.tiktok.example/video/${one.video}`,
  });
  return paged(
    parts,
    asked,
    comments_ ? 'comments' : 'videos',
    rows.map((one) =>
      comments_
        ? {
            ...{ ...common(one), comment_id: one.comment, comment_type: 'COMMENT', comment_text: one.text },
            ...{ comment_create_time: String(one.at), comment_likes: 0, commenter_display_name: one.who },
          }
        : { ...common(one), create_time: String(one.at), creator_handle_name: one.who, likes: 0, comments: 0 },
    ),
  );
}
