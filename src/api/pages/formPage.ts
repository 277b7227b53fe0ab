import type { Door } from '#contract';
import { type Filled, type FormErrors, isRequired } from '../../core/door/form.ts';
import type { Doubt } from '../../flows/door/submit.ts';
import type { Waiting } from '../../flows/door/waiting.ts';
import { area, choice, line, summary, trap } from './fields.ts';
import { type Html, html } from './html.ts';
import { photoFields } from './photoFields.ts';

export interface FormView {
  door: Door;
  filled: Filled;
  errors: FormErrors;
  doubt: Doubt | 'limited' | null;
  token: string;
  photos: readonly Waiting[];
}

const DOUBTS: Record<NonNullable<FormView['doubt']>, string> = {
  robot:
    'Ada isian tersembunyi yang ikut terisi; biasanya itu perbuatan robot. Kalau Anda bukan robot, maaf: silakan tekan Kirim sekali lagi.',
  fast: 'Formulir ini terkirim sangat cepat. Silakan baca lagi sebentar, lalu tekan Kirim.',
  stale: 'Formulir ini dibuka terlalu lama, jadi kami siapkan yang baru. Silakan periksa lagi, lalu tekan Kirim.',
  limited:
    'Terlalu banyak kiriman dari jaringan internet yang Anda pakai. Silakan tunggu sepuluh menit, lalu tekan Kirim.',
};

export function formPage(view: FormView): Html {
  const { door, filled, errors, doubt, token, photos } = view;
  return html`<h1>${door.title}</h1>
<p>${door.intro}</p>
${summary(errors, { files: 'photos' })}
${
  doubt &&
  html`<div class="galat" role="alert" tabindex="-1" autofocus><h2>Aduan belum terkirim</h2><p>Yang sudah Anda tulis tidak hilang. ${DOUBTS[doubt]}</p></div>`
}
<form method="post" action="/lapor" enctype="multipart/form-data" novalidate>
${trap(token)}
${about(door, filled, errors)}
${who(door, filled, errors)}
${discretion(filled)}
${door.photos > 0 && photoFields({ most: door.photos, photos, error: errors.files })}
<p class="redup">Dengan menekan Kirim, aduan ini masuk ke petugas. <a href="/privasi">Bagaimana data Anda kami jaga</a></p>
<button type="submit">Kirim aduan</button>
</form>`;
}

function about(door: Door, filled: Filled, errors: FormErrors): Html {
  const asks = (name: 'title' | 'place' | 'date') => door.ask.includes(name);
  const view = (name: 'text' | 'title' | 'place' | 'date' | 'category', label: string) => ({
    ...{ name, label, value: filled[name], error: errors[name] },
    required: name === 'text' || (name !== 'category' && isRequired(door, name, false)),
  });
  return html`<fieldset><legend>Apa yang terjadi?</legend>
${area({
  ...view('text', 'Isi aduan'),
  hint: 'Ceritakan apa, di mana, dan sejak kapan. Jangan menulis NIK atau nomor KK di sini.',
})}
${asks('title') && line(view('title', 'Judul singkat'))}
${door.categories.length > 0 && choice(view('category', 'Topik'), door.categories)}
${asks('place') && line({ ...view('place', 'Lokasi kejadian'), hint: 'Misalnya: Jl. Pemuda depan SDN 1, Desa Karangsari' })}
${asks('date') && line(view('date', 'Tanggal kejadian'), 'date')}
</fieldset>`;
}

function who(door: Door, filled: Filled, errors: FormErrors): Html | false {
  const mayHide = door.anonymous === 'allowed';
  const hidden = mayHide && filled.identity === 'anonymous';
  const asks = (name: 'name' | 'phone' | 'email' | 'address') => door.ask.includes(name);
  if (!mayHide && !(['name', 'phone', 'email', 'address'] as const).some(asks)) return false;
  const view = (name: 'name' | 'phone' | 'email' | 'address', label: string, autocomplete: string) => ({
    ...{ name, label, value: filled[name], error: errors[name], autocomplete },
    required: isRequired(door, name, hidden),
  });
  return html`<fieldset><legend>Siapa Anda?</legend>
${mayHide ? choices(hidden) : html`<p class="petunjuk">${NAMED}</p>`}
${asks('name') && line(view('name', 'Nama', 'name'), 'text', mayHide ? 'bernama' : '')}
${(asks('phone') || asks('email')) && html`<p class="petunjuk kontak">Telepon dan email dipakai hanya untuk mengabari Anda tentang aduan ini, dan disimpan terenkripsi.</p>`}
<div class="dua">
${asks('phone') && line(view('phone', 'Nomor telepon', 'tel'), 'tel')}
${asks('email') && line(view('email', 'Alamat email', 'email'), 'email')}
</div>
${asks('address') && line(view('address', 'Alamat rumah', 'street-address'), 'text', mayHide ? 'bernama' : '')}
</fieldset>`;
}

const NAMED =
  'Nama dan kontak Anda hanya dapat dilihat petugas yang menangani, dan setiap pembacaan kontak dicatat. Keduanya tidak ditampilkan kepada umum.';

/** Both ways in plain words, before anybody chooses. */
const choices = (hidden: boolean): Html => html`
<div class="pilihan"><input type="radio" id="identity" name="identity" value="named"${!hidden && html` checked`} aria-describedby="identity-petunjuk">
<label for="identity">Saya melapor dengan nama</label><p class="petunjuk" id="identity-petunjuk">${NAMED}</p></div>
<div class="pilihan"><input type="radio" id="identity-anonymous" name="identity" value="anonymous"${hidden && html` checked`} aria-describedby="anonymous-petunjuk">
<label for="identity-anonymous">Saya melapor tanpa nama (anonim)</label><p class="petunjuk" id="anonymous-petunjuk">Nama dan alamat tidak ditanyakan dan tidak disimpan. Kalau kami perlu bertanya, kami hanya dapat bertanya di halaman status: simpanlah kode aksesnya. Jangan menulis nama Anda di dalam isi aduan.</p></div>`;

const discretion = (filled: Filled): Html => html`<fieldset><legend>Kerahasiaan</legend>
<div class="pilihan"><input type="checkbox" id="secret" name="secret" value="yes"${filled.secret && html` checked`} aria-describedby="secret-petunjuk">
<label for="secret">Rahasiakan isi aduan ini</label><p class="petunjuk" id="secret-petunjuk">Isi aduan dan jawabannya tidak diumumkan di mana pun. Yang membacanya hanya petugas yang menangani dan Anda, dengan kode akses.</p></div>
</fieldset>`;
