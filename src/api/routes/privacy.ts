import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { localTime } from '../../core/receipt.ts';
import { openDoor } from '../../flows/door/door.ts';
import { erasureByCode } from '../../store/erasure.ts';
import type { ApiDeps } from '../deps.ts';
import { sendProblem } from '../errors.ts';
import { problem } from '../problems.ts';
import { problems } from '../schemas/common.ts';

const page = {
  description: 'A page, in Indonesian',
  content: { 'text/html': { schema: z.string().meta({ examples: ['<!doctype html>'] }) } },
};
const about = (summary: string) => ({ tags: ['Hooks'], security: [], summary, response: { 200: page, ...problems } });

/** Pages for citizens, and for the platforms that ask for them before they let a hub in. They need no key. */
export async function privacyRoutes(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  const { name, timezone } = deps.config.hub.site;
  // The citizen's own door has a whole notice there.
  if (!openDoor(deps))
    app.get('/privasi', { schema: about('How citizens’ data is handled') }, async (_request, reply) =>
      html(reply, 'Kebijakan privasi', policy(name)),
    );
  app.get<{ Params: { code: string } }>(
    '/privasi/penghapusan/:code',
    { schema: { ...about('How a request for deletion stands'), params: z.object({ code: z.string().max(40) }) } },
    async (request, reply) => {
      const at = await erasureByCode(deps.db, request.params.code);
      if (!at) return sendProblem(reply, problem('not_found', 'there is no request for deletion with this code'));
      return html(reply, 'Permintaan penghapusan data', done(localTime(at, timezone), request.params.code));
    },
  );
}

function html(reply: FastifyReply, title: string, body: string): FastifyReply {
  reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  reply.header('x-content-type-options', 'nosniff');
  return reply.type('text/html; charset=utf-8').send(`<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(title)}</title><style>body{font:16px/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}</style>
</head><body><h1>${safe(title)}</h1>
${body}
</body></html>`);
}

const policy = (site: string): string => `<p>Halaman ini menjelaskan bagaimana ${safe(site)} mengelola data warga yang
menulis kepada kami melalui media sosial, aplikasi pesan, surel, dan kanal lain.</p>
<h2>Data yang kami simpan</h2>
<ul><li>Isi aduan, komentar, dan pesan yang ditujukan kepada kami, beserta lampirannya.</li>
<li>Nama atau nama akun, dan nomor akun di kanal itu, supaya kami dapat menjawab di tempat yang sama.</li></ul>
<h2>Untuk apa</h2>
<p>Hanya untuk menindaklanjuti dan menjawab aduan. Data tidak dijual dan tidak dipakai untuk iklan.</p>
<h2>Siapa yang melihat</h2>
<p>Petugas yang menangani aduan itu. Setiap pembacaan kontak pelapor dicatat. Kontak disimpan terenkripsi.</p>
<h2>Berapa lama</h2>
<p>Selama diwajibkan oleh aturan kearsipan dan pelayanan publik. Pesan yang Anda hapus atau tarik di kanalnya tidak
ditampilkan lagi kepada siapa pun, dan dimusnahkan ketika masa simpannya berakhir.</p>
<h2>Menghapus data Anda</h2>
<p>Hapus komentar atau pesan Anda di kanalnya, cabut aplikasi kami di pengaturan akun Anda, atau hubungi kami lewat kanal
resmi ${safe(site)}. Permintaan lewat Facebook dan Instagram mendapat kode untuk memeriksa hasilnya.</p>`;

const done = (when: string, code: string): string => `<p>Permintaan dengan kode <b>${safe(code)}</b> kami terima pada
${safe(when)} dan sudah dijalankan: tulisan dari akun itu tidak ditampilkan lagi kepada siapa pun, dan dimusnahkan ketika
masa simpannya menurut aturan kearsipan berakhir.</p>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const safe = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
