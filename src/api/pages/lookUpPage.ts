import { type Html, html } from './html.ts';

/** Where a ticket number is typed from paper. */
export function lookUpPage({ ticket = '', error }: { ticket?: string; error?: string | undefined }): Html {
  const wrong = error && html` aria-invalid="true"`;
  return html`<h1>Lacak aduan</h1>
<p>Nomor tiket dan kode akses tertera pada tanda terima aduan Anda.</p>
${error && html`<div class="galat" role="alert" tabindex="-1" autofocus><h2>Belum dapat dibuka</h2><p id="galat">${error}</p></div>`}
<form method="post" action="/lacak" novalidate>
<div class="isian${error && ' salah'}"><label for="ticket">Nomor tiket</label><p class="petunjuk" id="ticket-petunjuk">Sembilan huruf dan angka, seperti K7M-4QD-X2P</p>
<input type="text" id="ticket" name="ticket" value="${ticket}" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-required="true" aria-describedby="ticket-petunjuk${error && ' galat'}"${wrong}></div>
<div class="isian"><label for="code">Kode akses <span class="tak">(boleh kosong)</span></label><p class="petunjuk" id="code-petunjuk">Dengan kode, Anda dapat membaca jawaban dan menambah keterangan. Tanpa kode, hanya statusnya yang tampil.</p>
<input type="text" id="code" name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="code-petunjuk"></div>
<button type="submit">Lihat aduan</button></form>`;
}
