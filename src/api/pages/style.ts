import { createHash } from 'node:crypto';

/** All that the pages look like. One style sheet, inside the page: a slow connection has nothing more to fetch. */
const STYLE = `
:root{--tinta:#1b2733;--redup:#51606e;--biru:#0b4f8a;--garis:#8a97a3;--latar:#f3f6f8;--galat:#a8201a;--lega:#e6f1fa}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--latar);color:var(--tinta);font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
a{color:var(--biru);text-underline-offset:.15em}
a:focus-visible,button:focus-visible,input:focus-visible,textarea:focus-visible,select:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid #ffb300;outline-offset:2px;box-shadow:0 0 0 5px #1b2733}
.lewati{position:absolute;left:-999rem}
.lewati:focus{left:1rem;top:.5rem;background:#fff;padding:.5rem 1rem;z-index:1}
header{background:var(--biru);color:#fff}
header>div,main,footer{max-width:42rem;margin:0 auto;padding:0 1rem}
header>div{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;align-items:center;justify-content:space-between;padding-top:.6rem;padding-bottom:.6rem}
header strong{font-size:1.05rem}
header nav{display:flex;flex-wrap:wrap;gap:0 1rem}
header a{color:#fff;padding:.5rem 0;display:inline-block}
main{padding-top:1.25rem;padding-bottom:2rem}
h1{font-size:1.6rem;line-height:1.25;margin:.25rem 0 .75rem}
h2{font-size:1.2rem;line-height:1.3;margin:1.75rem 0 .5rem}
p,ul,ol,dl{margin:.5rem 0 .75rem}
ul,ol{padding-left:1.3rem}
li{margin:.25rem 0}
.kartu{background:#fff;border:1px solid #d4dbe1;border-radius:.5rem;padding:1rem 1rem .75rem;margin:1rem 0}
.kartu>:first-child{margin-top:0}
.redup,.petunjuk{color:var(--redup)}
.petunjuk{font-size:.95rem;margin:.1rem 0 .4rem}
.kontak{margin:1.1rem 0 -.4rem}
.utuh{white-space:nowrap}
fieldset{border:0;padding:0;margin:1.25rem 0 0;min-width:0}
legend{font-weight:700;font-size:1.2rem;padding:0;margin-bottom:.25rem}
.isian{margin:1rem 0 0}
label,.label{font-weight:600;display:block}
label .tak{font-weight:400;color:var(--redup)}
input[type=text],input[type=tel],input[type=email],input[type=date],select,textarea{width:100%;font:inherit;color:inherit;background:#fff;border:1px solid #66727e;border-radius:.35rem;padding:.6rem .7rem;min-height:2.9rem}
input[type=file]{width:100%;font:inherit;padding:.6rem;background:#fff;border:1px dashed #66727e;border-radius:.35rem}
textarea{min-height:10rem;resize:vertical}
.pilihan{display:grid;grid-template-columns:1.6rem 1fr;gap:0 .6rem;padding:.7rem;margin:.5rem 0;background:#fff;border:1px solid #c5ced6;border-radius:.35rem}
.pilihan input{width:1.5rem;height:1.5rem;margin:.05rem 0 0}
.pilihan .petunjuk{grid-column:2;margin:.1rem 0 0}
.salah{border-left:.3rem solid var(--galat);padding-left:.8rem}
.salah input,.salah textarea,.salah select{border-color:var(--galat);border-width:2px}
.pesan{color:var(--galat);font-weight:600;margin:.1rem 0 .4rem}
.galat{border:3px solid var(--galat);background:#fff;padding:.75rem 1rem;margin:1rem 0;border-radius:.35rem}
.galat h2{margin:0 0 .25rem;color:var(--galat)}
.galat a{color:var(--galat)}
.kabar{border-left:.35rem solid var(--biru);background:var(--lega);padding:.6rem .9rem;margin:1rem 0}
.kabar p{margin:.2rem 0}
button,.tombol{display:inline-block;font:inherit;font-weight:700;color:#fff;background:var(--biru);border:2px solid var(--biru);border-radius:.35rem;padding:.7rem 1.4rem;min-height:2.9rem;cursor:pointer;text-decoration:none;margin:1rem .5rem .25rem 0}
button:hover,.tombol:hover{background:#083a66}
button.lain{color:var(--biru);background:#fff}
button.lain:hover{background:var(--lega)}
.nomor{display:block;font:700 1.75rem/1.3 ui-monospace,"Roboto Mono",Consolas,monospace;letter-spacing:.04em}
.teks{white-space:pre-wrap;margin:.35rem 0 .6rem}
.ucap{background:#fff;border:1px solid #d4dbe1;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
.ucap.kami{border-left:.35rem solid var(--biru)}
.ucap h3{font-size:1rem;margin:0}
.status{font-size:1.35rem;font-weight:700;margin:.1rem 0}
.jalur{list-style:none;padding:0;margin:.5rem 0}
.jalur li{padding:.1rem 0 .7rem 1.4rem;margin:0;position:relative;border-left:2px solid #b6c1cb;left:.4rem}
.jalur li:last-child{border-color:transparent;padding-bottom:0}
.jalur li::before{content:"";position:absolute;left:-.5rem;top:.45rem;width:.8rem;height:.8rem;border-radius:50%;background:var(--biru)}
.jalur time{color:var(--redup);display:block;font-size:.95rem}
dt{font-weight:600}
dd{margin:0 0 .5rem}
details{margin:1.25rem 0}
summary{cursor:pointer;padding:.6rem 0;color:var(--biru);text-decoration:underline}
.jebakan{position:absolute;left:-999rem;height:1px;overflow:hidden}
form:has(#identity-anonymous:checked) .bernama{display:none}
footer{border-top:1px solid #c5ced6;padding-top:1rem;padding-bottom:2rem;color:var(--redup);font-size:.95rem}
@media (min-width:40rem){h1{font-size:2rem}.dua{display:grid;grid-template-columns:1fr 1fr;gap:0 1rem;align-items:end}}
@media print{header nav,footer,.layar,button,.tombol,.lewati{display:none}header{background:none;color:#000;border-bottom:1px solid #000}body{background:#fff;font-size:11pt}.kartu{border-color:#000}}
`.trim();

export const styleText: string = STYLE;
const hash = createHash('sha256').update(STYLE).digest('base64');

/** Nothing runs, nothing is fetched from anywhere, nobody frames the page, and its forms go nowhere else. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
