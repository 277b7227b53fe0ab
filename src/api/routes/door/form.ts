import type { FastifyInstance, FastifyReply } from 'fastify';
import { EMPTY } from '../../../core/door/form.ts';
import { type Arrived, arrivedBefore, doubtOf, freshForm, renewedForm, submit } from '../../../flows/door/submit.ts';
import { readForm } from '../../../flows/door/token.ts';
import { waitingPhotos } from '../../../flows/door/waiting.ts';
import { type FormView, formPage } from '../../pages/formPage.ts';
import { type DoorApi, goTo, openSession, show } from './door.ts';
import { type Read, readParts } from './reading.ts';

const HIDDEN = { schema: { hide: true } };

/** `/lapor`: the form. */
export function formRoutes(app: FastifyInstance, api: DoorApi): void {
  app.get('/lapor', HIDDEN, async (_request, reply) => {
    const view = { filled: EMPTY, errors: {}, doubt: null, token: freshForm(api.deps), photos: [] };
    return show(api, reply, api.open.door.title, formPage({ door: api.open.door, ...view }));
  });
  app.post('/lapor', { ...HIDDEN, config: { slow: true } }, async (request, reply) => {
    const allowed = await api.mayPost(request);
    const read = await readParts(api, request, { files: allowed });
    if (!allowed) return again(api, reply, read, { doubt: 'limited' }, 429);
    return received(api, reply, read);
  });
}

async function received(api: DoorApi, reply: FastifyReply, read: Read): Promise<FastifyReply> {
  const { deps, open } = api;
  const { sent, filled, photoError } = read;
  const before = sent.token && (await arrivedBefore(deps, open, sent.token, filled));
  if (before) return toReceipt(api, reply, before);
  const doubt = doubtOf(deps, sent);
  if (doubt || !sent.token) return again(api, reply, read, { doubt: doubt ?? 'stale' });
  if (photoError) return again(api, reply, read, { errors: { files: photoError } });
  const result = await submit(deps, open, sent.token, filled);
  if ('errors' in result) return again(api, reply, read, { errors: result.errors });
  return toReceipt(api, reply, result);
}

/** The receipt shows number and code; whoever comes too late for that is led to where they are asked for. */
export function toReceipt(api: DoorApi, reply: FastifyReply, { complaintId, ticketNo, opens }: Arrived): FastifyReply {
  if (!opens) return goTo(reply, `/lacak/${ticketNo}`);
  openSession(api, reply, complaintId, ticketNo);
  return goTo(reply, `/lacak/${ticketNo}/tanda-terima?baru`);
}

/** The form as it came, with what is to be said of it: nobody writes anything twice. */
async function again(
  api: DoorApi,
  reply: FastifyReply,
  { sent, filled, photoError }: Read,
  { errors = {}, doubt = null }: Partial<Pick<FormView, 'errors' | 'doubt'>>,
  status = 422,
): Promise<FastifyReply> {
  const { deps, open } = api;
  const token = await renewedForm(deps, sent.token, doubt === 'limited' ? null : doubt);
  const key = readForm(deps.keyring, token)?.key ?? '';
  const all = photoError ? { ...errors, files: photoError } : errors;
  const photos = await waitingPhotos(deps, key);
  const view = { door: open.door, filled, errors: all, doubt, token, photos };
  return show(api, reply, `Belum terkirim: ${open.door.title}`, formPage(view), status);
}
