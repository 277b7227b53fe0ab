import rateLimit from '@fastify/rate-limit';
import type { FastifyError, FastifyInstance } from 'fastify';
import { doorDeps } from '../../../flows/door/deps.ts';
import { openDoor } from '../../../flows/door/door.ts';
import type { ApiDeps } from '../../deps.ts';
import { html } from '../../pages/html.ts';
import { noticePage } from '../../pages/privacyPage.ts';
import { type DoorApi, show, showNothing } from './door.ts';
import { formRoutes } from './form.ts';
import { createRoom } from './room.ts';
import { trackRoutes } from './track.ts';
import { writeRoutes } from './write.ts';

/** Bytes of files that are on their way here. */
const ROOM = 64 * 1024 ** 2;
const TEN_MINUTES = 10 * 60_000;
/** Behind one address of a mobile network stand many people. */
const READS = { max: 1_200, timeWindow: TEN_MINUTES };

/**
 * The citizen's own door: pages in Indonesian that need no key and no JavaScript. They are there only while a channel is
 * one; otherwise their addresses hold a plain page. They are no part of the API and stand in no description of it.
 * `posts`: so many forms and codes from one address in ten minutes, in this process.
 */
export async function doorRoutes(app: FastifyInstance, deps: ApiDeps, posts: number): Promise<void> {
  const open = openDoor(deps);
  const { name: site } = deps.config.hub.site;
  if (!open) {
    for (const url of ['/lapor', '/lacak', '/lacak/*'])
      app.get(url, { schema: { hide: true } }, async (_request, reply) => showNothing(reply, site));
    return;
  }
  app.removeAllContentTypeParsers();
  const form = 'application/x-www-form-urlencoded';
  app.addContentTypeParser(form, { parseAs: 'string', bodyLimit: 20_000 }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  // Whoever sends too large a file is told so beside it; it does not end the form.
  // Only a hub with a door needs it.
  const { default: multipart } = await import('@fastify/multipart');
  await app.register(multipart, { throwFileSizeLimit: false });
  await app.register(rateLimit, READS);
  const count = app.createRateLimit({ max: posts, timeWindow: TEN_MINUTES });
  const api: DoorApi = {
    ...{ deps: doorDeps(deps), open, room: createRoom(ROOM) },
    mayPost: async (request) => {
      const counted = await count(request);
      return counted.isAllowed || !counted.isExceeded;
    },
  };
  app.addHook('onClose', async () => api.deps.photos.close());
  apologise(app, api);
  formRoutes(app, api);
  trackRoutes(app, api);
  writeRoutes(app, api);
  app.get('/privasi', { schema: { hide: true } }, async (_request, reply) => {
    const others = deps.config.channels.filter(({ id, enabled }) => enabled && id !== open.channel.id);
    const channels = others.map(({ label }) => label);
    return show(api, reply, 'Pemberitahuan privasi', noticePage({ site, door: open.door, channels }));
  });
}

/** What goes wrong is a page, too. What is our fault is logged, without content. */
function apologise(app: FastifyInstance, api: DoorApi): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode && error.statusCode >= 400 ? error.statusCode : 500;
    const { method, routeOptions, id } = request;
    if (status >= 500)
      api.deps.log.error({ method, route: routeOptions.url, request: id, error: error.stack }, 'door: a page failed');
    const [title, words] = status >= 500 ? OURS : status === 429 ? BUSY : THEIRS;
    const body = html`<h1>${title}</h1><p>${words}</p><p><a href="/lapor">Ke formulir aduan</a></p>`;
    return show(api, reply, title, body, status);
  });
}

const OURS = [
  'Maaf, ada gangguan di pihak kami',
  'Silakan kembali ke halaman tadi dan coba lagi sebentar lagi.',
] as const;
const BUSY = ['Terlalu banyak permintaan', 'Silakan tunggu sepuluh menit, lalu coba lagi.'] as const;
const THEIRS = [
  'Kiriman tidak dapat dibaca',
  'Mungkin sambungannya terputus, atau berkasnya terlalu banyak. Silakan kembali ke halaman tadi dan coba lagi.',
] as const;
