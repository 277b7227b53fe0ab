import type { Door } from '#contract';
import { type Html, html } from './html.ts';

export interface NoticeView {
  site: string;
  door: Door;
  /** The other channels of this hub, as citizens know them. */
  channels: readonly string[];
}

/** The notice that UU 27/2022 asks for. What an agency has to say itself comes from the settings of its door. */
export function noticePage({ site, door, channels }: NoticeView): Html {
  const { controller, officer, recipients, retention } = door.privacy;
  return html`<h1>Pemberitahuan privasi</h1>
<p>Halaman ini menjelaskan bagaimana ${site} memakai dan menjaga data pribadi Anda ketika Anda menyampaikan aduan, menurut Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi.</p>
<h2>Siapa yang bertanggung jawab</h2>
<dl><dt>Pengendali data pribadi</dt><dd>${controller}</dd>
<dt>Pejabat Pelindungan Data Pribadi</dt><dd>${officer.name && html`${officer.name}<br>`}${
    officer.email && html`<a href="mailto:${officer.email}">${officer.email}</a><br>`
  }${officer.phone}</dd></dl>
<h2>Data apa, dan untuk apa</h2>
<ul><li>Isi aduan, foto, lokasi dan tanggal kejadian: untuk menindaklanjuti dan menjawab aduan.</li>
<li>Nama dan kontak, bila Anda mengisinya: untuk mengabari Anda dan meminta keterangan tambahan.</li>
<li>Nama akun dan nomor akun, bila Anda menulis lewat media sosial, aplikasi pesan, atau surel: untuk menjawab di tempat yang sama.</li>
<li>NIK dan nomor KK tidak kami minta. Kalau tertulis di dalam aduan, angkanya kami samarkan di halaman status dan dalam ringkasan untuk petugas lain.</li>
<li>Alamat internet (IP) pengirim dipakai sebentar saja untuk menahan robot, dan tidak disimpan bersama aduan.</li></ul>
<p>Dasarnya adalah tugas pelayanan publik dan kewajiban hukum instansi (Pasal 20 ayat (2)). Data tidak dijual dan tidak dipakai untuk iklan.</p>
<h2>Melapor tanpa nama, dan aduan rahasia</h2>
<p>Kalau Anda memilih <strong>tanpa nama</strong>, nama dan alamat tidak disimpan. Kontak yang tetap Anda isi disimpan terenkripsi dan hanya dipakai untuk mengabari Anda. Kalau Anda memilih <strong>rahasiakan isi</strong>, isi aduan dan jawabannya tidak diumumkan.</p>
<h2>Siapa yang menerimanya</h2>
<ul><li>Petugas yang menangani aduan itu, dan instansi yang bertanggung jawab. Setiap pembacaan kontak pelapor dicatat.</li>
<li>Portal atau instansi lain, bila aduan harus diteruskan ke sana: hanya yang diperlukan. Untuk aduan anonim atau rahasia, kontak Anda tidak ikut.</li>
${channels.length > 0 && html`<li>Penyedia kanal yang Anda pakai sendiri untuk menulis. Kanal lain kami: ${channels.join(', ')}.</li>`}
${recipients.map((one) => html`<li>${one}</li>`)}</ul>
<h2>Berapa lama disimpan</h2>
<dl><dt>Nama dan kontak</dt><dd>${retention.identity}</dd><dt>Isi aduan dan jawaban</dt><dd>${retention.text}</dd>
<dt>Catatan tindakan petugas</dt><dd>${retention.trail}</dd><dt>Kiriman mentah dari kanal</dt><dd>${retention.raw}</dd></dl>
<p>Pemusnahan mengikuti jadwal retensi arsip instansi, dan ditunda bila masih diperlukan untuk perkara hukum.</p>
<h2>Hak Anda</h2>
<p>Menurut Pasal 5 sampai 13, Anda antara lain berhak:</p>
<ul><li>mendapat penjelasan tentang siapa yang meminta data Anda dan untuk apa;</li>
<li>melihat data Anda;</li><li>memperbaiki dan melengkapi data yang keliru;</li>
<li>meminta pemrosesan dihentikan, ditunda, atau dibatasi, dan data dihapus, sepanjang undang-undang mengizinkan.</li></ul>
<p>Permintaan penundaan atau pembatasan kami jalankan paling lambat 3 x 24 jam sejak diterima, kecuali undang-undang menentukan lain. Kalau terjadi kebocoran data, Anda kami beri tahu secara tertulis paling lambat 3 x 24 jam. Hubungi Pejabat Pelindungan Data Pribadi di atas, atau tunjukkan nomor tiket dan kode akses di loket kami.</p>
<h2>Foto dan dokumen</h2>
<p>Foto yang dikirim lewat formulir ini kami buat ulang lebih kecil; lokasi, waktu, dan data kamera di dalamnya hilang, dan berkas aslinya tidak disimpan. Dokumen PDF disimpan apa adanya.</p>
<h2>Kue (cookie)</h2>
<p>Hanya satu, setelah Anda membuka aduan dengan kode akses: supaya kode tidak perlu diketik berulang kali. Ia berakhir sendiri paling lambat dua jam kemudian.</p>
<h2>Menghapus tulisan di media sosial</h2>
<p>Hapus komentar atau pesan Anda di kanalnya, atau cabut aplikasi kami di pengaturan akun Anda; tulisan itu tidak kami tampilkan lagi. Permintaan lewat Facebook dan Instagram mendapat kode untuk memeriksa hasilnya.</p>`;
}
