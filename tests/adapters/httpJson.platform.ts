import { readForm, textsOf } from '../../simulators/portal/multipart.ts';
import type { Handler, KitEvent, Landed, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';

export const TOKEN = 'kit-portal-token-5b1f0c9e';
export const SECOND = 'kit-portal-second-77aa31';
export const CLIENT = 'kit-portal-client-c0ffee42';
export const PHOTO = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x80, 0xfe]);
export const PAGE = 20;

/** `24-11-2026 08:00:00`, in WIB. */
export function wib(at: Date, order: 'day' | 'year' = 'day'): string {
  const [date = '', clock = ''] = new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 19).split('T');
  return order === 'year' ? `${date} ${clock}` : `${date.split('-').reverse().join('-')} ${clock}`;
}

/** What one profile calls things. */
export interface Shape {
  authorised(request: WireRequest): boolean;
  /** A report, in the list and alone. */
  report(event: KitEvent): Record<string, unknown>;
  list(rows: readonly KitEvent[], request: WireRequest): unknown;
  detail(event: KitEvent | undefined, state: PlatformState, request: WireRequest): unknown;
  /** What a request that changes something says; `undefined`: not for us. */
  sent(request: WireRequest): Sent | undefined;
  /** A created report, by our ticket number. */
  search(landed: readonly Landed[]): unknown;
}

export interface Sent {
  kind: 'reply' | 'status' | 'report';
  report: string;
  text: string;
  key: string | null;
  files: number;
  /** Of a status: its word. */
  word?: string;
  answer(id: string): unknown;
}

/** A small copy of a portal: lists its reports, takes follow-ups, statuses and new reports. */
export function portalPlatform(shape: Shape, keys: boolean): (state: PlatformState) => Handler {
  return (state) => {
    const statuses = new Map<string, string>();
    return (request) => {
      if (request.path === '/token') return token(request);
      if (request.path === '/berkas/1.jpg')
        return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: PHOTO };
      if (!shape.authorised(request)) return { status: 401, body: { message: 'unauthorised' } };
      if (/(lampiran|file)$/.test(request.path))
        return { status: 200, body: { id: 'file-1', results: { docs: [{ id: 'file-1' }] } } };
      if (request.method === 'POST') return land(shape.sent(request), state, { keys, statuses });
      return read(shape, state, request, statuses);
    };
  };
}

function token({ body }: WireRequest): WireAnswer {
  const form = new URLSearchParams(body.toString());
  const known = form.get('client_secret') === CLIENT && form.get('grant_type') === 'client_credentials';
  return known ? { status: 200, body: { access_token: TOKEN, expires_in: '3600' } } : { status: 401, body: {} };
}

const idIn = (path: string): string | undefined => /(kit-[\w-]+|new-\d+)/.exec(path)?.[1];

function read(shape: Shape, state: PlatformState, request: WireRequest, statuses: Map<string, string>): WireAnswer {
  const id = idIn(request.path);
  if (request.query.has('referensi') || request.query.has('search'))
    return { status: 200, body: shape.search(state.landed.filter((one) => one.id.startsWith('new-'))) };
  if (id === undefined) return { status: 200, body: shape.list(state.events, request) };
  const event = state.events.find((one) => one.objectId === id);
  const body = shape.detail(event, state, request);
  const status = statuses.get(id);
  return {
    status: 200,
    body: status ? JSON.parse(JSON.stringify(body).replaceAll('"STATUS"', JSON.stringify(status))) : body,
  };
}

function land(
  sent: Sent | undefined,
  { landed }: PlatformState,
  { keys, statuses }: { keys: boolean; statuses: Map<string, string> },
): WireAnswer {
  if (!sent) return { status: 404, body: {} };
  const { kind, report, text, key, files, word = '' } = sent;
  const stands = keys ? landed.find((one) => one.key === key) : undefined;
  const bare = kind === 'report' ? `new-${landed.length + 1}` : String(landed.length + 1);
  if (stands) return { status: 200, body: sent.answer(stands.id.split(/[/:]/).at(-1) ?? '') };
  if (kind === 'status') statuses.set(report, word);
  const id = kind === 'report' ? bare : kind === 'reply' ? `${report}/${bare}` : `${report}:${word}`;
  landed.push({ id, key: key ?? 'ours', text, files });
  return { status: 201, body: sent.answer(bare) };
}

const bearer = ({ headers }: WireRequest): boolean => headers.authorization === `Bearer ${TOKEN}`;
/** What stands below a report; someone else's has no key. */
const below = (state: PlatformState) => state.landed.map((one) => ({ ...one, id: one.id.split('/').at(-1) ?? '' }));
const jsonOf = ({ body }: WireRequest): Record<string, never> => (body.length ? JSON.parse(body.toString()) : {});

/** Changes by a cursor, keys in a header. */
export const generik: Shape = {
  authorised: bearer,
  report: ({ objectId, at, text }) => ({
    ...{
      id: objectId,
      judul: 'Laporan',
      isi: text,
      klasifikasi: 'pengaduan',
      anonim: false,
      rahasia: false,
      status: 'STATUS',
    },
    ...{ dibuat_pada: wib(at), diubah_pada: wib(at), versi: at.getTime() },
  }),
  list(events, { query }) {
    const after = Number(query.get('sejak') ?? 0);
    const rows = events.slice(after, after + PAGE);
    const next = after + rows.length;
    return { data: rows.map((one) => this.report(one)), kursor_berikut: String(next), masih_ada: next < events.length };
  },
  detail(event, state) {
    const riwayat = below(state).map(({ id, key, text }) => ({
      id,
      referensi: key,
      isi: text,
      jenis: 'tindak_lanjut',
    }));
    return { ...(event ? this.report(event) : { id: 'kit-1', status: 'STATUS' }), riwayat };
  },
  sent(request) {
    const { isi, lampiran, status, alasan } = jsonOf(request) as {
      isi?: string;
      lampiran?: unknown[];
      status?: string;
      alasan?: string;
    };
    const about = {
      key: request.headers['idempotency-key'] ?? null,
      files: lampiran?.length ?? 0,
      report: idIn(request.path) ?? '',
    };
    if (request.path.endsWith('/status'))
      return {
        ...about,
        kind: 'status',
        text: alasan ?? '',
        word: status ?? '',
        answer: (id) => ({ id: 'kit-1', versi: id }),
      };
    const kind = about.report ? 'reply' : 'report';
    return { ...about, kind, text: isi ?? '', answer: (id) => ({ id }) };
  },
  search: (landed) => ({ data: landed.map(({ id, key }) => ({ id, kunci: key })) }),
};

/** Pages with `meta`, multipart, a reference that is kept. */
export const laporbup: Shape = {
  authorised: bearer,
  report: ({ objectId, at, text }) => ({
    ...{ id: objectId, judul_pengaduan: 'Laporan', isi_pengaduan: text, is_anonim: 0, is_rahasia: 0, status: 'STATUS' },
    ...{ created_at: wib(at, 'year'), updated_at: wib(at, 'year') },
  }),
  list(events, { query }) {
    const since = query.get('diubah_sejak') ?? '';
    const newer = events.filter((one) => wib(one.at, 'year') >= since);
    const page = Number(query.get('page') ?? 1);
    const last = Math.max(1, Math.ceil(newer.length / PAGE));
    const rows = newer.slice((page - 1) * PAGE, page * PAGE);
    return { data: rows.map((one) => this.report(one)), meta: { current_page: page, last_page: last } };
  },
  detail(event, state) {
    const tanggapan = below(state).map(({ id, key, text }) => ({ id, referensi: key, isi: text, oleh: 'opd' }));
    return { data: { ...(event ? this.report(event) : { id: 'kit-1', status: 'STATUS' }), tanggapan } };
  },
  sent(request) {
    const report = idIn(request.path) ?? '';
    const answer = (id: string) => ({ data: { id } });
    if (request.path.endsWith('/tanggapan')) {
      const form = readForm(request.body, request.headers['content-type']);
      const { isi = '', referensi = null } = textsOf(form);
      return {
        kind: 'reply',
        report,
        text: isi,
        key: referensi,
        files: form.filter((one) => one.filename !== undefined).length,
        answer,
      };
    }
    const { status, isi, kunci } = jsonOf(request) as { status?: string; isi?: string; kunci?: string };
    if (status !== undefined) return { kind: 'status', report, text: '', key: null, files: 0, word: status, answer };
    return { kind: 'report', report, text: isi ?? '', key: kunci ?? null, files: 0, answer };
  },
  search: (landed) => ({ data: landed.map(({ id, key }) => ({ id, kunci: key })) }),
};

/** An envelope, two headers, details apart; nothing of ours is kept but our account's number. */
export const sp4n: Shape = {
  authorised: (request) => bearer(request) && request.headers.token === SECOND,
  report: ({ objectId, at, text }) => ({
    ...{
      id: objectId,
      title: 'Laporan',
      content: text,
      is_anonymous: 0,
      is_secret: 0,
      status_name: 'STATUS',
      version: 1,
    },
    ...{ created_at: wib(at), updated_at: wib(at) },
  }),
  list(events, { query }) {
    const sortable = (text: string) => text.replace(/^(\d\d)-(\d\d)-(\d{4})/, '$3-$2-$1');
    const since = sortable(query.get('updated_since') ?? '');
    const newer = events.filter((one) => sortable(wib(one.at)) >= since);
    const page = Number(query.get('page') ?? 1);
    return { results: { data: newer.slice((page - 1) * PAGE, page * PAGE).map((one) => this.report(one)) } };
  },
  detail(event, state, { path }) {
    if (!path.endsWith('/followups'))
      return { results: { data: event ? this.report(event) : { id: 'kit-1', status_name: 'STATUS' }, data_logs: [] } };
    const created_at = '24-11-2026 15:00:00';
    return {
      results: {
        data: below(state).map(({ id, key, text }) => ({
          id,
          user_id: key === null ? 77 : 5012,
          content: text,
          created_at,
        })),
      },
    };
  },
  sent(request) {
    const { path } = request;
    if (path.endsWith('/followup/add')) {
      const form = readForm(request.body, request.headers['content-type']);
      const { content = '', complaint_id = '' } = textsOf(form);
      const files = form.filter((one) => one.filename !== undefined).length;
      return {
        kind: 'reply',
        report: complaint_id,
        text: content,
        key: null,
        files,
        answer: (id) => ({ status: true, results: { id } }),
      };
    }
    const { status, content } = jsonOf(request) as { status?: string; content?: string };
    const about = { key: null, files: 0, text: content ?? '', report: idIn(path) ?? '' };
    if (status !== undefined) return { ...about, kind: 'status', word: status, answer: (id) => ({ results: { id } }) };
    return { ...about, kind: 'report', answer: (id) => ({ status: true, complaint_id: id }) };
  },
  search: (landed) => ({ results: { data: landed.map(({ id }) => ({ id })) } }),
};
