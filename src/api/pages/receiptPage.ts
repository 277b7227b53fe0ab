import { type Html, html } from './html.ts';

export interface ReceiptView {
  ticketNo: string;
  code: string;
  receivedAt: string;
  channel: string;
  site: string;
  /** The beginning of what was written. */
  short: string;
  address: string;
  /** Somebody may be told, by what they left. */
  anonymous: boolean;
  /** It has just been sent. */
  fresh: boolean;
}

/** The proof that it was received (R-01), to keep or to print. */
export function receiptPage(view: ReceiptView): Html {
  const { ticketNo, code, receivedAt, channel, site, short, address, anonymous, fresh } = view;
  return html`<h1>${fresh ? 'Aduan Anda sudah kami terima' : 'Tanda terima aduan'}</h1>
<div class="kartu"><dl><dt>Nomor tiket</dt><dd class="nomor">${ticketNo}</dd>
<dt>Kode akses (rahasia)</dt><dd class="nomor">${code}</dd>
<dt>Diterima</dt><dd>${receivedAt}, oleh sistem aduan ${site}</dd>
<dt>Kanal</dt><dd>${channel}</dd><dt>Isi singkat</dt><dd class="teks">${short}</dd>
<dt>Status dan jawaban</dt><dd>${address}</dd></dl></div>
<div class="kabar"><p><strong>Simpan kedua nomor ini:</strong> catat, foto layar ini, atau cetak. Kode akses tidak dapat kami kirim ulang, dan siapa pun yang memegangnya dapat membaca aduan Anda.</p></div>
<h2>Selanjutnya</h2>
<ol><li>Petugas memeriksa aduan Anda dan meneruskannya kepada instansi yang bertanggung jawab.</li>
<li>Statusnya dapat Anda lihat kapan saja di halaman Lacak aduan, dengan nomor tiket.</li>
<li>Jawaban kami tampil di halaman itu juga; untuk membacanya perlu kode akses.${
    anonymous && html` Karena Anda melapor tanpa nama, di sanalah kami bertanya bila ada yang kurang.`
  }</li></ol>
<p class="layar"><a class="tombol" href="/lacak/${ticketNo}">Lihat status aduan</a></p>`;
}
