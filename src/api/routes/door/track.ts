import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mask } from '../../../core/leaks/index.ts';
import { parseTicketNo } from '../../../core/ticket.ts';
import { ownContactsOf } from '../../../flows/contacts.ts';
import { accessCodeOf } from '../../../flows/door/code.ts';
import { statusUrl } from '../../../flows/door/door.ts';
import { filesInside, lookInside } from '../../../flows/door/inside.ts';
import { type Looked, look, openByCode } from '../../../flows/door/look.ts';
import { freshForm } from '../../../flows/door/submit.ts';
import { lookUpPage } from '../../pages/lookUpPage.ts';
import { receiptPage } from '../../pages/receiptPage.ts';
import { codeForm, insidePage, statusPage, type WriteView } from '../../pages/statusPage.ts';
import { downloadHeaders } from '../attachments.ts';
import { type DoorApi, goTo, hasSession, openSession, pageHeaders, show, timeAt } from './door.ts';

const HIDDEN = { schema: { hide: true } };
export type TicketRequest = FastifyRequest<{ Params: { ticket: string } }>;

const UNKNOWN = 'Nomor tiket atau kode akses tidak cocok. Periksa lagi pada tanda terima Anda.';
const LIMITED = 'Terlalu banyak percobaan. Silakan coba lagi dalam satu jam.';
const BUSY = 'Terlalu banyak percobaan dari jaringan internet yang Anda pakai. Silakan tunggu sepuluh menit.';

/** `/lacak`: the status of a complaint, and what only its reporter sees of it. */
export function trackRoutes(app: FastifyInstance, api: DoorApi): void {
  app.get('/lacak', HIDDEN, async (_request, reply) => show(api, reply, 'Lacak aduan', lookUpPage({})));
  app.post<{ Body: URLSearchParams }>('/lacak', HIDDEN, async (request, reply) => {
    const { ticket, code } = typedIn(request.body);
    if (!code) return toStatus(api, reply, ticket);
    return tryCode(api, request, reply, { ticket, code }, (error) => lookUpPage({ ticket, error }));
  });
  app.get('/lacak/:ticket', HIDDEN, async (request: TicketRequest, reply) => {
    const looked = await find(api, request);
    if (!looked) return showUnknown(api, reply, request.params.ticket);
    // The proof that opens it goes only with the number as it is written.
    if (request.params.ticket !== looked.ticketNo) return goTo(reply, `/lacak/${looked.ticketNo}`);
    return status(api, request, reply, looked);
  });
  app.post<{ Params: { ticket: string }; Body: URLSearchParams }>('/lacak/:ticket', HIDDEN, async (request, reply) => {
    const { ticket } = request.params;
    const looked = await find(api, request);
    return tryCode(api, request, reply, { ticket, code: typedIn(request.body).code }, (error) =>
      looked ? statusPage(viewOf(api, looked), codeForm(looked.ticketNo, error)) : lookUpPage({ ticket, error }),
    );
  });
  app.get('/lacak/:ticket/tanda-terima', HIDDEN, async (request: TicketRequest, reply) => {
    const looked = await inside(api, request);
    return looked ? receipt(api, request, reply, looked) : toStatus(api, reply, request.params.ticket);
  });
  app.get(
    '/lacak/:ticket/berkas/:id',
    HIDDEN,
    async (request: FastifyRequest<{ Params: { ticket: string; id: string } }>, reply) => {
      const looked = await inside(api, request);
      const files = looked ? await filesInside(api.deps, api.open, looked) : [];
      const file = files.find(({ id }) => id === request.params.id);
      if (!file) return showUnknown(api, reply, request.params.ticket);
      pageHeaders(reply).headers(downloadHeaders(file.name)).type('application/octet-stream');
      return reply.send(await api.deps.files.get(file.sha256));
    },
  );
}

/** The complaint of this address, as everybody may see it. */
export async function find({ deps }: DoorApi, request: { params: { ticket: string } }): Promise<Looked | null> {
  const ticketNo = parseTicketNo(request.params.ticket);
  return ticketNo ? look(deps, ticketNo) : null;
}

/** The same, for a browser that has proved that it may see inside. */
export async function inside(
  api: DoorApi,
  request: FastifyRequest<{ Params: { ticket: string } }>,
): Promise<Looked | null> {
  const looked = await find(api, request);
  return looked && hasSession(api, request, looked.complaint.id) ? looked : null;
}

const typedIn = (body: unknown): { ticket: string; code: string } => {
  const read = (name: string) => (body instanceof URLSearchParams ? (body.get(name) ?? '').trim().slice(0, 100) : '');
  return { ticket: read('ticket'), code: read('code') };
};

/** Without a code there is only the way to the page that everybody may see. */
async function toStatus(api: DoorApi, reply: FastifyReply, ticket: string): Promise<FastifyReply> {
  const looked = await find(api, { params: { ticket } });
  return looked ? goTo(reply, `/lacak/${looked.ticketNo}`) : showUnknown(api, reply, ticket, 422);
}

const showUnknown = (api: DoorApi, reply: FastifyReply, ticket: string, status = 404): FastifyReply =>
  show(api, reply, 'Lacak aduan', lookUpPage({ ticket: ticket.slice(0, 100), error: UNKNOWN }), status);

async function tryCode(
  api: DoorApi,
  request: FastifyRequest,
  reply: FastifyReply,
  { ticket, code }: { ticket: string; code: string },
  page: (error: string) => ReturnType<typeof lookUpPage>,
): Promise<FastifyReply> {
  if (!(await api.mayPost(request))) return show(api, reply, 'Lacak aduan', page(BUSY), 429);
  const opened = await openByCode(api.deps, { ticket, code, address: request.ip });
  if (opened === 'limited') return show(api, reply, 'Lacak aduan', page(LIMITED), 429);
  if (!opened) return show(api, reply, 'Lacak aduan', page(UNKNOWN), 422);
  openSession(api, reply, opened.complaint.id, opened.ticketNo);
  return goTo(reply, `/lacak/${opened.ticketNo}`);
}

const viewOf = ({ deps, open }: DoorApi, { ticketNo, status }: Looked) => ({
  ...{ ticketNo, status, timezone: deps.config.hub.site.timezone, nextInstance: open.door.nextInstance },
});

export type Written = Partial<Pick<WriteView, 'text' | 'error' | 'photoError' | 'photos' | 'token'>> & {
  cutError?: string;
};

/** The page of a complaint, with what the reporter sees besides where the browser has proved that it is theirs. */
export async function status(
  api: DoorApi,
  request: FastifyRequest,
  reply: FastifyReply,
  looked: Looked,
  { cutError, ...written }: Written = {},
): Promise<FastifyReply> {
  const { deps, open } = api;
  const { ticketNo, complaint } = looked;
  const view = viewOf(api, looked);
  const wrong = Object.values(written).some(Boolean) || cutError;
  const title = `${wrong ? 'Belum terkirim: ' : ''}Aduan ${ticketNo}`;
  if (!hasSession(api, request, complaint.id)) return show(api, reply, title, statusPage(view, codeForm(ticketNo)));
  openSession(api, reply, complaint.id, ticketNo);
  const blank = { token: freshForm(deps), text: '', photos: [], most: open.door.photos };
  const body = insidePage(view, await lookInside(deps, open, looked), { ...blank, ...written }, cutError);
  return show(api, reply, title, statusPage(view, body), wrong ? 422 : 200);
}

async function receipt(
  api: DoorApi,
  request: FastifyRequest,
  reply: FastifyReply,
  looked: Looked,
): Promise<FastifyReply> {
  const { deps, open } = api;
  const { ticketNo, complaint } = looked;
  const { site } = deps.config.hub;
  const said = (await lookInside(deps, open, looked)).said.find(({ by }) => by === 'reporter');
  const short = mask(said?.title ?? said?.text ?? '', ownContactsOf(deps.config.hub));
  const body = receiptPage({
    ...{ ticketNo, code: accessCodeOf(deps.keyring, complaint.id), site: site.name },
    receivedAt: timeAt(api, complaint.received_at),
    channel: deps.config.channels.find(({ id }) => id === complaint.channel_id)?.label ?? '',
    short: short.length > 160 ? `${short.slice(0, 160)}…` : short,
    address: statusUrl(open.door, ticketNo),
    anonymous: complaint.anonymous,
    fresh: (request.query as Record<string, unknown>).baru !== undefined,
  });
  return show(api, reply, `Tanda terima ${ticketNo}`, body);
}
