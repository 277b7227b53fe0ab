import twitterText from 'twitter-text';
import { type Answer, type Asked, json } from '../app/respond.ts';
import { failure, missing, type Parts, postJson } from './shapes.ts';
import type { Direct, Post } from './world.ts';

interface Route {
  method: string;
  path: RegExp;
  /** Calls in 15 minutes. */
  most: number;
  run(parts: Parts, asked: Asked, match: RegExpExecArray): Answer;
}

/** X API v2 as far as complaints need it. Numbers: X API, "Rate limits", for each user. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/2\/users\/me$/, most: 75, run: me },
  { method: 'GET', path: /^\/2\/users\/(\d+)\/mentions$/, most: 300, run: mentions },
  { method: 'GET', path: /^\/2\/users\/(\d+)\/tweets$/, most: 900, run: timeline },
  { method: 'GET', path: /^\/2\/tweets\/search\/recent$/, most: 300, run: search },
  { method: 'GET', path: /^\/2\/tweets$/, most: 900, run: lookup },
  { method: 'POST', path: /^\/2\/tweets$/, most: 100, run: create },
  { method: 'GET', path: /^\/2\/dm_events$/, most: 15, run: (parts, asked) => directs(parts, asked) },
  {
    method: 'GET',
    path: /^\/2\/dm_conversations\/with\/(\d+)\/dm_events$/,
    most: 15,
    run: (parts, asked, [, who]) => directs(parts, asked, who),
  },
  { method: 'POST', path: /^\/2\/dm_conversations\/with\/(\d+)\/messages$/, most: 15, run: createDirect },
  { method: 'POST', path: /^\/2\/media\/upload\/initialize$/, most: 1_875, run: initialize },
  { method: 'POST', path: /^\/2\/media\/upload\/(\d+)\/(append|finalize)$/, most: 1_875, run: uploadStep },
  { method: 'GET', path: /^\/2\/media\/upload$/, most: 1_000, run: uploadStatus },
];

function me({ world, bill }: Parts): Answer {
  bill.read('userRead', [`user ${world.us.id}`]);
  return json(200, { data: world.us });
}

const order = (a: { id: string }, b: { id: string }): number => Number(BigInt(b.id) - BigInt(a.id) > 0n) || -1;

/** What stands and can be seen in lists by now, newest first. */
function visible({ world, settings }: Parts, asked: Asked): Post[] {
  const since = BigInt(asked.query.get('since_id') ?? 0);
  const until = world.now() - settings.lagMs;
  return [...world.posts.values()]
    .filter((one) => !one.removed && !one.replaced && one.at <= until && BigInt(one.id) > since)
    .toSorted(order);
}

/** X reaches back no further than so many. */
const REACH = 800;

function mentions(parts: Parts, asked: Asked): Answer {
  const { us } = parts.world;
  const all = visible(parts, asked).filter((one) => one.author !== us.id && one.mentions.includes(us.id));
  return listed(parts, asked, all.slice(0, REACH), 'ownedRead');
}

function timeline(parts: Parts, asked: Asked, [, who]: RegExpExecArray): Answer {
  return listed(
    parts,
    asked,
    visible(parts, asked).filter(({ author }) => author === who),
    'ownedRead',
  );
}

/** Words; `url:` finds who quotes us; other operators, such as -is:retweet, are ignored. */
function search(parts: Parts, asked: Asked): Answer {
  const { posts, us } = parts.world;
  const since = BigInt(asked.query.get('since_id') ?? 0);
  if (since > 0n && since < parts.world.idAt(parts.world.now() - 7 * DAY_MS))
    return failure(400, 'invalid-request', "'since_id' must be a tweet id created after 7 days ago.");
  if (/:$/.test(asked.query.get('query') ?? '')) return failure(400, 'invalid-request', 'The query is not valid.');
  const words = (asked.query.get('query') ?? '').split(' ').filter((word) => word !== '' && !/^-?is:/.test(word));
  const has = ({ text, quotes }: Post, word: string) =>
    word.startsWith('url:')
      ? posts.get(quotes ?? '')?.author === us.id
      : text.toLowerCase().includes(word.toLowerCase());
  const fits = (post: Post) => words.every((word) => has(post, word));
  return listed(parts, asked, visible(parts, asked).filter(fits), 'postRead');
}

function listed(parts: Parts, { query }: Asked, all: readonly Post[], charge: 'ownedRead' | 'postRead'): Answer {
  const from = Number((query.get('pagination_token') ?? query.get('next_token') ?? 'p0').slice(1));
  const size = Math.min(100, Number(query.get('max_results') ?? 10));
  const page = all.slice(from, from + size);
  parts.bill.read(charge, page.map(({ id }) => id)); // biome-ignore format: one glance
  const near = page.flatMap(({ replyTo, quotes }) =>
    [replyTo, quotes].flatMap((id) => parts.world.posts.get(id ?? '') ?? []),
  );
  const users = [...page, ...near].flatMap(({ author }) => parts.world.people.get(author) ?? []);
  const next = from + page.length < all.length && { next_token: `p${from + page.length}` };
  const ends = page.length > 0 && { newest_id: page[0]?.id, oldest_id: page.at(-1)?.id };
  return json(200, {
    ...(page.length > 0 && { data: page.map(postJson) }),
    includes: {
      users: [...new Set(users)],
      tweets: near.map(postJson),
      media: page.flatMap(({ media }) => media.map(mediaJson)),
    },
    meta: { result_count: page.length, ...ends, ...next },
  });
}

const mediaJson = (media_key: string) => ({
  media_key,
  type: 'photo',
  url: `https://pbs.example/media/${media_key}.jpg`,
});

function lookup({ world, bill }: Parts, { query }: Asked): Answer {
  const ids = (query.get('ids') ?? '').split(',');
  const found = ids.flatMap((id) => world.posts.get(id) ?? []).filter((one) => !one.removed);
  bill.read('postRead', found.map(({ id }) => id)); // biome-ignore format: one glance
  const there = new Set(found.map(({ id }) => id));
  const errors = ids.filter((id) => !there.has(id)).map(missing);
  return json(200, { ...(found.length > 0 && { data: found.map(postJson) }), ...(errors.length > 0 && { errors }) });
}

const DAY_MS = 86_400_000;

function create(parts: Parts, asked: Asked): Answer {
  const { world, settings, bill } = parts;
  const { text = '', reply, media } = JSON.parse(asked.body.toString());
  const target = world.posts.get(String(reply?.in_reply_to_tweet_id));
  if (!target || target.removed)
    return failure(403, 'Forbidden', 'You attempted to reply to a Tweet that is deleted or not visible to you.');
  const quoted = world.posts.get(target.quotes ?? '');
  const summoned = target.mentions.includes(world.us.id) || quoted?.author === world.us.id;
  if (settings.restricted && !summoned && target.author !== world.us.id)
    return failure(
      403,
      'not-authorized-for-resource',
      'You can only reply to or quote posts where you are mentioned or are the author.',
    );
  if (twitterText.parseTweet(text).weightedLength > 280)
    return failure(400, 'invalid-request', 'Tweet text is too long.');
  const recent = world.landed.filter(({ at }) => world.now() - at < DAY_MS);
  if (recent.some((one) => one.text === text))
    return failure(403, 'Forbidden', 'You are not allowed to create a Tweet with duplicate content.');
  if (/https?:/.test(text)) bill.charge('postWithUrl');
  else bill.charge(target.author === world.us.id ? 'post' : 'reply');
  const { id } = world.land(text, target, media?.media_ids ?? []);
  return json(201, { data: { id, text, edit_history_post_ids: [id] } });
}

/** Newest first; there is no "since". */
function directs({ world, bill }: Parts, { query }: Asked, who?: string): Answer {
  const all = world.directs.filter(({ person }) => who === undefined || person === who).toReversed();
  const from = Number((query.get('pagination_token') ?? 'p0').slice(1));
  const page = all.slice(from, from + Math.min(100, Number(query.get('max_results') ?? 100)));
  bill.read('dmRead', page.map(({ id }) => id)); // biome-ignore format: one glance
  const next = from + page.length < all.length && { next_token: `p${from + page.length}` };
  const users = page.flatMap(({ sender }) => world.people.get(sender) ?? []);
  const data = page.map((one) => directJson(world.us.id, one));
  return json(200, {
    ...(page.length > 0 && { data }),
    ...{ includes: { users: [...new Set(users)] }, meta: { result_count: page.length, ...next } },
  });
}

function directJson(us: string, { id, sender, person, text, at }: Direct) {
  const [a, b] = [us, person].toSorted((one, other) => Number(BigInt(one) - BigInt(other) > 0n) || -1);
  const created_at = new Date(at).toISOString();
  return { id, event_type: 'MessageCreate', text, sender_id: sender, dm_conversation_id: `${a}-${b}`, created_at };
}

function createDirect({ world, bill }: Parts, { body }: Asked, [, who = '']: RegExpExecArray): Answer {
  const { text = '', attachments } = JSON.parse(body.toString());
  if (!world.directs.some(({ person }) => person === who))
    return json(403, { errors: [{ code: 349, message: 'You cannot send messages to this user.' }] });
  bill.charge('dm');
  const { id } = world.landDirect(text, who, attachments?.length ?? 0);
  return json(201, { data: { dm_conversation_id: `${world.us.id}-${who}`, dm_event_id: id } });
}

function initialize({ world, uploads }: Parts, { body }: Asked): Answer {
  const id = world.newId();
  uploads.set(id, { wanted: Number(JSON.parse(body.toString()).total_bytes), got: 0, looks: 0 });
  return json(200, { data: { id, media_key: `3_${id}`, expires_after_secs: 86_400 } });
}

/** A finished file is worked on until it was asked for once. */
function uploadStep({ uploads }: Parts, { body }: Asked, [, id = '', step]: RegExpExecArray): Answer {
  const file = uploads.get(id);
  if (!file) return failure(400, 'invalid-request', 'The media id is not known.');
  if (step === 'append') {
    const [head = Buffer.alloc(0)] = partsOf(body);
    file.got += head.length;
    return json(200, { data: { expires_at: 1 } });
  }
  if (file.got !== file.wanted) return failure(400, 'invalid-request', `Got ${file.got} of ${file.wanted} bytes.`);
  return json(200, { data: { id, media_key: `3_${id}`, processing_info: { state: 'pending', check_after_secs: 0 } } });
}

/** The file in a multipart body. */
function partsOf(body: Buffer): Buffer[] {
  const boundary = body.subarray(0, body.indexOf('\r\n'));
  const at = body.indexOf('name="media"');
  const from = body.indexOf('\r\n\r\n', at) + 4;
  const to = body.indexOf(Buffer.concat([Buffer.from('\r\n'), boundary]), from);
  return at < 0 ? [] : [body.subarray(from, to)];
}

function uploadStatus({ uploads }: Parts, { query }: Asked): Answer {
  const id = query.get('media_id') ?? '';
  const known = uploads.has(id);
  return known
    ? json(200, { data: { id, processing_info: { state: 'succeeded', progress_percent: 100 } } })
    : failure(404, 'resource-not-found', 'The media id is not known.');
}
