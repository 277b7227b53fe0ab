import type { Author, Reply, ReplyFile, ReplyTarget, StatusChange } from '#contract';
import { safeName } from '../../platform/safeName.ts';
import type { Publication } from '../../store/schema.ts';
import type { FlowDeps } from '../deps.ts';

/** What a publication says to its adapter, with everything read that the adapter will need. */
export interface Outgoing {
  publication: Publication;
  target: ReplyTarget;
  files: ReplyFile[];
  ticketNo: string | null;
  agency: string | undefined;
}

/** Reads targets, contacts, ticket numbers and files of a batch of publications. */
export async function readOutgoing(deps: FlowDeps, publications: readonly Publication[]): Promise<Outgoing[]> {
  if (publications.length === 0) return [];
  const [authors, complaints] = await Promise.all([authorsOf(deps, publications), complaintsOf(deps, publications)]);
  const about = (id: string) => {
    const complaint = complaints.get(id);
    const agency = deps.config.hub.agencies.find((one) => one.id === complaint?.agency_id)?.name;
    return { ticketNo: complaint?.ticket_no ?? null, agency };
  };
  return Promise.all(
    publications.map(async (publication) => {
      const { messageId, ...target } = publication.target;
      const author = messageId ? authors.get(messageId) : undefined;
      return {
        publication,
        target: { ...target, ...(author ? { author } : {}) },
        files: await filesOf(deps, publication.attachment_ids),
        ...about(publication.complaint_id),
      };
    }),
  );
}

async function authorsOf(deps: FlowDeps, publications: readonly Publication[]): Promise<Map<string, Author>> {
  const ids = publications.flatMap((row) => row.target.messageId ?? []);
  if (ids.length === 0) return new Map();
  const rows = await deps.db.selectFrom('message').select(['id', 'author_sealed']).where('id', 'in', ids).execute();
  return new Map(
    rows.flatMap((row) =>
      row.author_sealed ? [[row.id, deps.keyring.decryptJson(row.author_sealed, 'author') as Author] as const] : [],
    ),
  );
}

async function complaintsOf(deps: FlowDeps, publications: readonly Publication[]) {
  const ids = [...new Set(publications.map((row) => row.complaint_id))];
  const rows = await deps.db
    .selectFrom('complaint')
    .select(['id', 'ticket_no', 'agency_id'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
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

export function replyOf({ publication, target, files, ticketNo, agency }: Outgoing): Reply {
  return {
    key: publication.id,
    attempt: publication.attempt,
    kind: publication.kind === 'receipt' ? 'receipt' : 'answer',
    ...(ticketNo ? { ticketNo } : {}),
    ...(agency ? { agency } : {}),
    text: publication.text,
    files,
    target,
    firstAttemptAt: publication.first_attempt_at ?? publication.created_at,
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
  };
}
