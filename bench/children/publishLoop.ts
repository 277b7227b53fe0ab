import { randomBytes, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import pg from 'pg';
import { answerParent } from '../lib/answers.ts';

/**
 * The limit of publishing: a bare loop over publications whose ids it knows already. Each is two commits of one
 * prepared statement and one kept-alive HTTP request between them; nothing is looked for, checked, signed or batched.
 */
type Message =
  | { open: { databaseUrl: string; receiver: string; concurrency: number } }
  | { run: { ids: readonly string[] } };

const CLAIM = {
  name: 'claim',
  text: `with taken as (
      update publication set state = 'sending', attempt = attempt + 1, owner = $2::text, first_attempt_at = now(),
        lease_until = now() + interval '1 minute' where id = $1 returning id, attempt, text, target
    ), noted as (insert into publication_attempt (publication_id, attempt, owner) select id, attempt, $2::text from taken)
    select text, target->>'objectId' as "objectId", target->>'threadId' as "threadId" from taken`,
};

const SETTLE = {
  name: 'settle',
  text: `with done as (
      update publication set state = 'published', published_id = $2::text, published_hash = sha256(convert_to($2::text, 'UTF8')),
        published_at = now(), lease_until = null, owner = null where id = $1 returning *
    ), ended as (
      update publication_attempt set ended_at = now(), outcome = 'published' where publication_id = $1 and attempt = 1
    ), said as (
      insert into message (id, complaint_id, channel_id, object_id, object_hash, thread_id, direction, surface, text,
        publication_id, at, version_at, received_at)
      select $3, complaint_id, channel_id, published_id, published_hash, target->>'threadId', 'out',
        target->>'surface', text, id, now(), now(), now() from done
    ), answered as (
      update complaint c set state = 'answered', answered_at = now(), event_seq = event_seq + 1, event_head = $5::bytea
        from done where c.id = done.complaint_id returning c.id, c.event_seq
    )
    insert into event (id, complaint_id, seq, actor, type, data, hash)
      select $4, id, event_seq, 'hub', 'publication.published', '{}', $5::bytea from answered`,
};

let pool: pg.Pool;
let receiver: URL;
let concurrency: number;
const agent = new Agent({ keepAlive: true });

answerParent(async (message: Message) => {
  if ('run' in message) return loop(message.run.ids);
  concurrency = message.open.concurrency;
  receiver = new URL('/replies', message.open.receiver);
  pool = new pg.Pool({ connectionString: message.open.databaseUrl, max: concurrency });
  await Promise.all(Array.from({ length: concurrency }, () => pool.query('select pg_sleep(0.1)')));
  return {};
});

async function loop(ids: readonly string[]): Promise<object> {
  const queue = ids[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const id of queue) await publishOne(id);
    }),
  );
  await pool.end();
  return {};
}

async function publishOne(id: string): Promise<void> {
  const claimed = await pool.query({ ...CLAIM, values: [id, 'loop'] });
  const published = await post(id, JSON.stringify({ key: id, ...claimed.rows[0] }));
  await pool.query({ ...SETTLE, values: [id, published, randomUUID(), randomUUID(), randomBytes(32)] });
}

function post(key: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const call = request(
      receiver,
      { method: 'POST', agent, headers: { ...headers, 'idempotency-key': key } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part) => {
          text += part;
        });
        answer.on('end', () =>
          answer.statusCode === 201 ? resolve(JSON.parse(text).id) : reject(new Error(`status ${answer.statusCode}`)),
        );
      },
    );
    call.on('error', reject).end(body);
  });
}
