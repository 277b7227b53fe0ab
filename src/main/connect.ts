import type { ConnectOptions, Talk } from '../cli/commands.ts';
import type { Actor } from '../core/access.ts';
import { answerOf, readPasted } from '../core/consent.ts';
import { type Attempt, beginConnect, type Connection, connectOf, finishConnect, isAnswerTo } from '../flows/connect.ts';
import type { FlowDeps } from '../flows/deps.ts';
import { awaitCallback } from '../platform/callback.ts';

const PATH = '/kembali';

/** Walks somebody through the consent screen of a channel's platform. */
export async function connectChannel(
  deps: FlowDeps,
  actor: Actor,
  id: string,
  order: ConnectOptions & { publicUrl: string | undefined; talk: Talk },
): Promise<Connection> {
  const { connect } = connectOf(deps, id);
  if (connect.loopback && !order.paste && order.redirect === undefined)
    return listen(deps, actor, id, { ...order, host: connect.loopback });
  const redirectUri = order.redirect ?? redirectOf(order, connect.loopback);
  const attempt = beginConnect(deps, id, redirectUri);
  show(order.talk, attempt);
  const text = await order.talk.ask(
    'Sesudah menyetujui, salin seluruh alamat di atas peramban dan tempelkan di sini (boleh juga kodenya, atau pesan kesalahannya): ',
  );
  const answer = readPasted(text);
  if (!answer) throw new Error('itu bukan alamat atau kode dari layar persetujuan; ulangi perintah ini');
  return finishConnect(deps, actor, attempt, answer);
}

/** Where the browser ends up, so that its address can be copied. Nothing has to be there. */
function redirectOf(
  { publicUrl, port }: { publicUrl: string | undefined; port: number },
  host: string | false,
): string {
  if (host) return `http://${host}:${port}${PATH}`;
  if (publicUrl?.startsWith('https:')) return `${publicUrl}/`;
  throw new Error(
    'platform ini hanya mau kembali ke alamat https yang terdaftar di aplikasi. Tulis --redirect https://… (atau isi KANAL_PUBLIC_URL), persis seperti yang terdaftar',
  );
}

async function listen(
  deps: FlowDeps,
  actor: Actor,
  id: string,
  { host, port, timeout, talk }: ConnectOptions & { host: string; talk: Talk },
): Promise<Connection> {
  let attempt: Attempt | undefined;
  const accepts = (query: URLSearchParams) => attempt !== undefined && isAnswerTo(attempt, answerOf(query));
  const callback = await awaitCallback({ ...{ host, port, timeout, path: PATH }, accepts }).catch((error: Error) => {
    throw new Error(
      `port ${port} tidak dapat dipakai (${error.message}); pilih lain dengan --port, atau pakai --paste`,
    );
  });
  try {
    attempt = beginConnect(deps, id, callback.url);
    show(talk, attempt);
    talk.say('Menunggu jawaban dari peramban di komputer ini. Perambannya di komputer lain? Ulangi dengan --paste.\n');
    return await finishConnect(deps, actor, attempt, answerOf(await callback.answer));
  } finally {
    await callback.close();
  }
}

function show({ say }: Talk, { url, redirectUri }: Attempt): void {
  say(`Alamat kembali (harus terdaftar di aplikasi, persis seperti ini):\n  ${redirectUri}\n`);
  say(`Buka alamat ini di peramban, masuk dengan akun resmi, dan setujui semua izin:\n  ${url}\n`);
}
