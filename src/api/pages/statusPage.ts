import type { PublicStatus } from '../../core/door/status.ts';
import { localTime } from '../../core/receipt.ts';
import type { Inside, Said } from '../../flows/door/inside.ts';
import type { Waiting } from '../../flows/door/waiting.ts';
import { trap } from './fields.ts';
import { type Html, html } from './html.ts';
import { photoFields, sizeText } from './photoFields.ts';

export interface StatusView {
  ticketNo: string;
  status: PublicStatus;
  timezone: string;
  nextInstance: string;
}

/** What everybody sees who has the number; `asks`: the form for the code, or what stands in its place. */
export function statusPage(view: StatusView, more: Html): Html {
  const { ticketNo, status, timezone, nextInstance } = view;
  return html`<h1>Aduan <span class="utuh">${ticketNo}</span></h1>
<div class="kartu"><p class="redup">Status sekarang</p><p class="status">${status.label}</p><p>${status.meaning}</p>
${status.agency && html`<dl><dt>Instansi yang bertanggung jawab</dt><dd>${status.agency}</dd></dl>`}</div>
<h2>Perjalanan aduan</h2>
<ol class="jalur">${status.timeline.map(({ at, label }) => html`<li>${label}<time datetime="${at.toISOString()}">${localTime(at, timezone)}</time></li>`)}</ol>
${more}
${status.decided && html`<div class="kabar"><p>Belum puas dengan penanganannya? Anda dapat melanjutkan ke ${nextInstance}. Sebutkan nomor tiket ${ticketNo}.</p></div>`}`;
}

/** Asks for the code. A wrong one and a wrong number are told the same. */
export const codeForm = (ticketNo: string, error?: string): Html => html`<h2>Isi aduan dan jawabannya</h2>
<p>Hanya untuk pelapor. Kode akses tertera pada tanda terima aduan.</p>
<form method="post" action="/lacak/${ticketNo}"><div class="isian${error && ' salah'}">
<label for="code">Kode akses</label><p class="petunjuk" id="code-petunjuk">Delapan huruf dan angka, seperti 7KQM-X2PD</p>
${error && html`<p class="pesan" id="code-galat" role="alert">${error}</p>`}
<input type="text" id="code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-required="true" aria-describedby="code-petunjuk${error && ' code-galat'}"${error && html` aria-invalid="true" autofocus`}></div>
<button type="submit">Buka</button></form>`;

export interface WriteView {
  token: string;
  text: string;
  error?: string | undefined;
  photoError?: string | undefined;
  photos: readonly Waiting[];
  most: number;
}

/** What the reporter sees besides, once the code has been given. */
export function insidePage(view: StatusView, inside: Inside, write: WriteView, cutError?: string): Html {
  const { ticketNo, timezone } = view;
  return html`<h2>Percakapan</h2>
${inside.said.map((one) => said(one, ticketNo, timezone))}
${inside.reason && html`<div class="kabar"><p><strong>Keterangan petugas</strong></p><p class="teks">${inside.reason}</p></div>`}
${inside.mayWrite && writeForm(ticketNo, write)}
${inside.writesAt && html`<p>Untuk menambah keterangan, tulislah lewat ${inside.writesAt}, tempat aduan ini berasal.</p>`}
${!inside.mayWrite && !inside.writesAt && html`<p>Percakapan ini sudah ditutup. Kalau ada hal baru, <a href="/lapor">buat aduan baru</a>.</p>`}
${inside.mayWithdraw && cutForm(ticketNo, cutError)}
<p><a href="/lacak/${ticketNo}/tanda-terima">Lihat atau cetak tanda terima</a></p>
<form method="post" action="/lacak/${ticketNo}/tutup"><button class="lain" type="submit">Tutup aduan ini di perangkat ini</button></form>`;
}

const said = (
  one: Said,
  ticketNo: string,
  timezone: string,
): Html => html`<article class="ucap${one.by === 'agency' && ' kami'}">
<h3>${one.by === 'agency' ? 'Jawaban instansi' : 'Anda menulis'}</h3><p class="petunjuk">${localTime(one.at, timezone)}${one.via && `, lewat ${one.via}`}</p>
${one.title && html`<p><strong>${one.title}</strong></p>`}<div class="teks">${one.text}</div>
${one.files.length > 0 && html`<ul>${one.files.map(({ id, name, size }) => html`<li><a href="/lacak/${ticketNo}/berkas/${id}" download>${name}</a> (${sizeText(size)})</li>`)}</ul>`}
</article>`;

const writeForm = (ticketNo: string, { token, text, error, photoError, photos, most }: WriteView): Html => html`
<h2>Tambah keterangan</h2>
<form method="post" action="/lacak/${ticketNo}/pesan" enctype="multipart/form-data" novalidate>${trap(token)}
<div class="isian${error && ' salah'}"><label for="text">Pesan Anda</label>
${error && html`<p class="pesan" id="text-galat" role="alert">${error}</p>`}
<textarea id="text" name="text" rows="5" autocomplete="off" aria-required="true"${error && html` aria-invalid="true" aria-describedby="text-galat" autofocus`}>\n${text}</textarea></div>
${most > 0 && photoFields({ most, photos, error: photoError })}
<button type="submit">Kirim pesan</button></form>`;

const cutForm = (
  ticketNo: string,
  error?: string,
): Html => html`<details${error && html` open`}><summary>Cabut aduan ini</summary>
<form method="post" action="/lacak/${ticketNo}/cabut"><p>Aduan yang dicabut tidak ditangani lagi. Catatannya tetap tersimpan menurut aturan kearsipan.</p>
<div class="isian"><label for="reason">Alasan <span class="tak">(boleh kosong)</span></label><input type="text" id="reason" name="reason" autocomplete="off" maxlength="300"></div>
${error && html`<p class="pesan" id="sure-galat" role="alert">${error}</p>`}
<div class="pilihan"><input type="checkbox" id="sure" name="sure" value="yes"${error && html` aria-describedby="sure-galat" aria-invalid="true"`}><label for="sure">Ya, saya mencabut aduan ini</label></div>
<button class="lain" type="submit">Cabut aduan</button></form></details>`;
