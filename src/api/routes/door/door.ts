import type { FastifyReply, FastifyRequest } from 'fastify';
import { localTime } from '../../../core/receipt.ts';
import type { DoorDeps } from '../../../flows/door/deps.ts';
import type { OpenDoor } from '../../../flows/door/door.ts';
import { isSession, issueSession } from '../../../flows/door/token.ts';
import { type Html, html } from '../../pages/html.ts';
import { layout } from '../../pages/layout.ts';
import { PAGE_POLICY } from '../../pages/style.ts';
import type { Room } from './room.ts';

/** What the pages of the citizen's own door work with. */
export interface DoorApi {
  deps: DoorDeps;
  open: OpenDoor;
  room: Room;
  /** False when this address has sent too much lately. */
  mayPost(request: FastifyRequest): Promise<boolean>;
}

export const timeAt = ({ deps }: DoorApi, at: Date): string => localTime(at, deps.config.hub.site.timezone);

/** Nobody keeps a page, or learns from it where somebody came from. Search engines may know the form, and no complaint. */
export function pageHeaders(reply: FastifyReply): FastifyReply {
  const listed = !reply.request.url.startsWith('/lacak/');
  return reply.headers({
    ...(!listed && { 'x-robots-tag': 'noindex, nofollow' }),
    'content-security-policy': PAGE_POLICY,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  });
}

export function show(
  { deps, open }: DoorApi,
  reply: FastifyReply,
  title: string,
  body: Html,
  status = 200,
): FastifyReply {
  const { name: site } = deps.config.hub.site;
  pageHeaders(reply).code(status).type('text/html; charset=utf-8');
  return reply.send(layout({ site, title, body, hotlines: open.door.hotlines }));
}

/** Where there is no door. */
export function showNothing(reply: FastifyReply, site: string): FastifyReply {
  const body = html`<h1>Halaman tidak ada</h1><p>Formulir aduan belum dibuka di alamat ini.</p>`;
  pageHeaders(reply).code(404).type('text/html; charset=utf-8');
  return reply.send(layout({ site, title: 'Halaman tidak ada', body }));
}

/** After a form there is a page of its own, so that nobody sends the form again by loading it again. */
export const goTo = (reply: FastifyReply, address: string): FastifyReply =>
  pageHeaders(reply).code(303).header('location', address).send();

const COOKIE = 'kanal_aduan';
const SESSION_SECONDS = 2 * 60 * 60;

/** The browser may see inside this complaint for two hours; it gets a proof, never the code. */
export function openSession({ deps, open }: DoorApi, reply: FastifyReply, complaintId: string, ticketNo: string): void {
  const until = new Date(deps.clock.now().getTime() + SESSION_SECONDS * 1_000);
  const proof = issueSession(deps.keyring, complaintId, until);
  reply.header('set-cookie', cookie(open, ticketNo, proof, SESSION_SECONDS));
}

export const closeSession = ({ open }: DoorApi, reply: FastifyReply, ticketNo: string): void =>
  void reply.header('set-cookie', cookie(open, ticketNo, '', 0));

function cookie({ door }: OpenDoor, ticketNo: string, value: string, seconds: number): string {
  const secure = door.address.startsWith('https:') ? '; Secure' : '';
  return `${COOKIE}=${value}; Path=/lacak/${ticketNo}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

export function hasSession({ deps }: DoorApi, request: FastifyRequest, complaintId: string): boolean {
  const proofs = (request.headers.cookie ?? '').split(/;\s*/).flatMap((pair) => {
    const [name, value = ''] = pair.split('=', 2);
    return name === COOKIE ? [value] : [];
  });
  return proofs.some((proof) => isSession(deps.keyring, proof, complaintId, deps.clock.now()));
}
