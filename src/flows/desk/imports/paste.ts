import type { Actor } from '../../../core/access.ts';
import { type Pasted, readPaste } from '../../../core/imports/paste.ts';
import type { DeskDeps } from '../../deps.ts';
import { channelFor } from '../enter.ts';

export interface PasteOrder {
  channel: string;
  text?: string | undefined;
  html?: string | undefined;
  url?: string | undefined;
  /** An uploaded picture of it. */
  screenshot?: string | undefined;
}

/** What was recognised of something copied, and what a person should look at. Stores nothing, and asks nobody. */
export async function proposeEntry(
  deps: DeskDeps,
  actor: Actor,
  { channel: id, text = '', html, url, screenshot }: PasteOrder,
): Promise<{ pasted: Pasted; notes: string[] }> {
  const channel = channelFor(deps, actor, { channel: id });
  // Only who pastes a page needs its cleaner.
  const page = html === undefined ? '' : (await import('../../../platform/html.ts')).textOfHtml(html);
  const { timezone } = deps.config.hub.site;
  const pasted = readPaste({ text: text.trim() || page, url }, { timezone, now: deps.clock.now() });
  return { pasted, notes: notesOn(pasted, { url, screenshot, label: channel.label }) };
}

function notesOn(
  { text, receivedAt, permalink }: Pasted,
  { url, screenshot, label }: { url: string | undefined; screenshot: string | undefined; label: string },
): string[] {
  return [
    ...(text ? [] : ['Isi belum ada: salin kata-kata warga apa adanya.']),
    ...(receivedAt ? [] : ['Waktunya tidak dikenali: isi "receivedAt"; tanpa itu dianggap baru saja masuk.']),
    ...(permalink ? ['Tautan tidak dibuka oleh hub; pastikan alamatnya benar.'] : []),
    ...(url && !permalink ? ['Tautan itu bukan alamat http atau https; tidak dipakai.'] : []),
    ...(screenshot ? ['Tangkapan layar dilampirkan apa adanya; teks di dalamnya tidak dibaca.'] : []),
    `Periksa semuanya, lalu catat dengan POST /api/v1/complaints (${label}).`,
  ];
}
