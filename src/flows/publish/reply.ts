import type { Author, Forwarding, Reply, ReplyFile, ReplyPart, ReplyTarget, StatusChange } from '#contract';
import { currentPart, triesOf } from '../../core/parts.ts';
import { safeName } from '../../platform/safeName.ts';
import { aboutOutgoing } from '../../store/outgoing.ts';
import type { Publication } from '../../store/schema.ts';
import type { FlowDeps } from '../deps.ts';
import { withCode } from '../door/code.ts';

/** What a publication says to its adapter, with everything read that the adapter will need. */
export interface Outgoing {
  publication: Publication;
  target: ReplyTarget;
  files: ReplyFile[];
  ticketNo: string | null;
  agency: string | undefined;
  /** What it says, or its part that is next; a receipt with the code, which is kept nowhere. */
  said: { text: string; part?: ReplyPart };
}

/** Reads targets, contacts, ticket numbers and files of a batch of publications. */
export async function readOutgoing(deps: FlowDeps, publications: readonly Publication[]): Promise<Outgoing[]> {
  if (publications.length === 0) return [];
  const known = await aboutOutgoing(
    deps.db,
    publications.map((row) => row.id),
  );
  return Promise.all(
    publications.map(async (publication) => {
      const { messageId: _, reached: __, ...target } = publication.target;
      const { ticket_no = null, agency_id = null, author_sealed = null } = known.get(publication.id) ?? {};
      const author = author_sealed && (deps.keyring.decryptJson(author_sealed, 'author') as Author);
      const said = currentPart(publication);
      return {
        publication,
        target: { ...target, ...(author ? { author } : {}) },
        files: await filesOf(deps, publication.attachment_ids),
        ticketNo: ticket_no,
        agency: deps.config.hub.agencies.find((one) => one.id === agency_id)?.name,
        said: { ...said, text: withCode(deps.keyring, publication, said.text) },
      };
    }),
  );
}

async function filesOf(deps: FlowDeps, ids: readonly string[]): Promise<ReplyFile[]> {
  if (ids.length === 0) return [];
  const rows = await deps.db
    .selectFrom('attachment')
    .select(['name', 'mime', 'size', 'sha256', 'id'])
    .where('id', 'in', ids)
    .where('state', '=', 'stored')
    .execute();
  return rows
    .sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
    .map((row) => ({
      name: safeName(row.name, row.mime ?? 'application/octet-stream'),
      mime: row.mime ?? 'application/octet-stream',
      size: row.size ?? 0,
      bytes: () => deps.files.get(row.sha256 ?? ''),
    }));
}

export function replyOf({ publication, target, files, ticketNo, agency, said: { text, part } }: Outgoing): Reply {
  return {
    key: part && part.number > 1 ? `${publication.id}/${part.number}` : publication.id,
    attempt: triesOf(publication),
    kind: publication.kind === 'receipt' ? 'receipt' : 'answer',
    ...(ticketNo ? { ticketNo } : {}),
    ...(agency ? { agency } : {}),
    text,
    files: part && part.number > 1 ? [] : files,
    target,
    ...(part && { part }),
    ...timesOf(publication),
  };
}

export function statusOf({ publication, target }: Outgoing): StatusChange {
  const detail = publication.detail as { state: string; label: string };
  return {
    key: publication.id,
    attempt: publication.attempt,
    target,
    state: detail.state,
    label: detail.label,
    ...(publication.text ? { note: publication.text } : {}),
    at: publication.created_at,
    ...timesOf(publication),
  };
}

const timesOf = ({ first_attempt_at, created_at, uncertain_at }: Publication) => ({
  firstAttemptAt: first_attempt_at ?? created_at,
  ...(uncertain_at && { uncertainSince: uncertain_at }),
});

/** What stands in `detail` of a forward: what the complaint was when somebody decided it. */
export interface ForwardDetail {
  title: string | null;
  anonymous: boolean;
  secret: boolean;
  receivedAt: string;
  source: string;
  kind: Forwarding['kind'] | null;
  category: string | null;
  location: string | null;
  occurredAt: string | null;
}

/** The reporter goes along only where neither flag hides them. */
export function forwardOf({ publication, target, files, ticketNo }: Outgoing): Forwarding {
  const detail = publication.detail as unknown as ForwardDetail;
  const { title, anonymous, secret, receivedAt, source, kind, category, location, occurredAt } = detail;
  return {
    ...{ key: publication.id, attempt: publication.attempt, ticketNo: ticketNo ?? '', text: publication.text, files },
    ...{ anonymous, secret, source, receivedAt: new Date(receivedAt) },
    ...(title && { title }),
    ...(kind && { kind }),
    ...(category && { category }),
    ...(location && { location }),
    ...(occurredAt && { occurredAt: new Date(occurredAt) }),
    ...(target.author && !anonymous && !secret && { author: target.author }),
    ...timesOf(publication),
  };
}
