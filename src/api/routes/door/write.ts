import type { FastifyInstance, FastifyReply } from 'fastify';
import { LONGEST } from '../../../core/door/form.ts';
import { mayWithdraw, takesMessages } from '../../../core/door/status.ts';
import type { Looked } from '../../../flows/door/look.ts';
import { doubtOf, renewedForm, writeMore } from '../../../flows/door/submit.ts';
import { readForm } from '../../../flows/door/token.ts';
import { waitingPhotos } from '../../../flows/door/waiting.ts';
import { withdraw } from '../../../flows/door/withdraw.ts';
import { closeSession, type DoorApi, goTo } from './door.ts';
import { toReceipt } from './form.ts';
import { type Read, readParts } from './reading.ts';
import { find, inside, status, type TicketRequest } from './track.ts';

const HIDDEN = { schema: { hide: true } };

/** What the reporter does on the page of their complaint. The cookie goes only with requests of our own pages. */
export function writeRoutes(app: FastifyInstance, api: DoorApi): void {
  app.post('/lacak/:ticket/pesan', { ...HIDDEN, config: { slow: true } }, async (request: TicketRequest, reply) => {
    const looked = await inside(api, request);
    if (!looked) return goTo(reply, `/lacak/${encodeURIComponent(request.params.ticket)}`);
    const allowed = await api.mayPost(request);
    const read = await readParts(api, request, { files: allowed });
    const error = messageError(api, looked, read, allowed);
    if (error || read.photoError || !read.sent.token) return backWith(api, request, reply, looked, read, error);
    const apart = await writeMore(api.deps, api.open, looked, read.sent.token, read.filled.text);
    return apart ? toReceipt(api, reply, apart) : goTo(reply, `/lacak/${looked.ticketNo}`);
  });
  app.post('/lacak/:ticket/cabut', HIDDEN, async (request: TicketRequest, reply) => {
    const looked = await inside(api, request);
    if (!looked) return goTo(reply, `/lacak/${encodeURIComponent(request.params.ticket)}`);
    const body = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    if (body.get('sure') !== 'yes')
      return status(api, request, reply, looked, { cutError: 'Beri tanda pada kotak ini bila Anda yakin.' });
    if (mayWithdraw(looked.facts))
      await withdraw(api.deps, api.open, looked.complaint.id, (body.get('reason') ?? '').slice(0, 300));
    return goTo(reply, `/lacak/${looked.ticketNo}`);
  });
  app.post('/lacak/:ticket/tutup', HIDDEN, async (request: TicketRequest, reply) => {
    const looked = await find(api, request);
    if (looked) closeSession(api, reply, looked.ticketNo);
    return goTo(reply, '/lacak');
  });
}

function messageError(api: DoorApi, looked: Looked, { sent, filled }: Read, allowed: boolean): string | undefined {
  if (!allowed) return 'Terlalu banyak kiriman dari jaringan internet Anda. Tunggu sepuluh menit, lalu kirim lagi.';
  const isDoor = looked.complaint.channel_id === api.open.channel.id;
  if (!isDoor || !takesMessages(looked.facts)) return 'Percakapan ini sudah ditutup. Silakan buat aduan baru.';
  if (filled.text.trim() === '') return 'Tuliskan pesan Anda.';
  if (filled.text.length > LONGEST.text) return 'Pesan paling panjang 10.000 huruf. Mohon dipersingkat.';
  return doubtOf(api.deps, sent) ? 'Pesan belum terkirim. Silakan periksa, lalu tekan Kirim sekali lagi.' : undefined;
}

/** Nothing that was written is lost. */
async function backWith(
  api: DoorApi,
  request: TicketRequest,
  reply: FastifyReply,
  looked: Looked,
  { sent, filled, photoError }: Read,
  error: string | undefined,
): Promise<FastifyReply> {
  const token = await renewedForm(api.deps, sent.token, doubtOf(api.deps, sent));
  const photos = await waitingPhotos(api.deps, readForm(api.deps.keyring, token)?.key ?? '');
  return status(api, request, reply, looked, {
    ...{ token, photos, text: filled.text },
    ...(error && { error }),
    ...(photoError && { photoError }),
  });
}
