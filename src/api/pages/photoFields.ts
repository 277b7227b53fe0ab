import type { Waiting } from '../../flows/door/waiting.ts';
import { type Html, html } from './html.ts';

/** What browsers offer; an iPhone that reads this turns its own format into JPEG. */
export const ACCEPTED = 'image/jpeg,image/png,image/webp,application/pdf';

/** Where photos are chosen, and those that are here already because the form came back. */
export function photoFields({
  most,
  photos,
  error,
}: {
  most: number;
  photos: readonly Waiting[];
  error?: string | undefined;
}): Html {
  const described = `photos-petunjuk${error ? ' photos-galat' : ''}`;
  return html`<fieldset><legend>Foto atau dokumen</legend>
${photos.length > 0 && here(photos)}
<div class="isian${error && ' salah'}"><label for="photos">Pilih foto atau PDF <span class="tak">(boleh kosong)</span></label>
<p class="petunjuk" id="photos-petunjuk">Paling banyak ${most} berkas. Foto kami perkecil, dan data tersembunyi di dalamnya (lokasi, waktu, jenis ponsel) kami hapus. PDF disimpan apa adanya, jadi dapat memuat nama pembuatnya.</p>
${error && html`<p class="pesan" id="photos-galat">${error}</p>`}
<input type="file" id="photos" name="photos" accept="${ACCEPTED}" multiple aria-describedby="${described}"${error && html` aria-invalid="true"`}></div>
</fieldset>`;
}

const here = (photos: readonly Waiting[]): Html => html`<p class="label">Sudah kami terima:</p>
${photos.map(
  ({
    position,
    name,
    size,
  }) => html`<div class="pilihan"><input type="checkbox" id="drop-${position}" name="drop" value="${position}">
<label for="drop-${position}">Jangan ikutkan ${name} (${sizeText(size)})</label></div>`,
)}`;

/** `212 KB`, `1,4 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024 ** 2) return `${Math.max(1, Math.round(bytes / 1024)).toLocaleString('id-ID')} KB`;
  return `${(bytes / 1024 ** 2).toLocaleString('id-ID', { maximumFractionDigits: 1 })} MB`;
}
