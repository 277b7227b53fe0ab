import { localTime } from '../receipt.ts';
import type { Paper } from './index.ts';

/** What the citizen takes home: which number, when, how, what about, and who took it. */
export interface ReceiptFacts {
  site: string;
  agency: string | null;
  ticketNo: string;
  code: string;
  receivedAt: Date;
  timezone: string;
  channel: string;
  /** Who took it. */
  officer: string;
  title: string | null;
  text: string;
  /** Where the status stands, without the ticket number; `null`: the hub is not reached from outside. */
  statusUrl: string | null;
}

const SHORT = 300;

export function receiptPaper(facts: ReceiptFacts): Paper {
  const { site, agency, ticketNo, code, channel, officer, title, text, statusUrl } = facts;
  return {
    head: [site, ...(agency ? [agency] : [])],
    title: 'Tanda Terima Aduan',
    rows: [
      ['Nomor tiket', ticketNo],
      ['Kode akses', code],
      ['Diterima pada', localTime(facts.receivedAt, facts.timezone)],
      ['Melalui', channel],
      ['Diterima oleh', officer],
      ...(title ? ([['Perihal', title]] as const) : []),
    ],
    body: [shortened(text, SHORT)],
    foot: [
      statusUrl
        ? `Periksa status dan jawaban di ${statusUrl} dengan nomor tiket dan kode akses di atas.`
        : 'Tanyakan status aduan ini dengan menyebut nomor tiket di atas.',
      'Simpan lembar ini. Kode akses membuka jawaban untuk Anda; jangan berikan kepada orang lain.',
      'Layanan pengaduan ini gratis.',
    ],
  };
}

/** What one SMS holds: 160 characters of GSM 7 bit (3GPP TS 23.038), 70 of any other. */
const GSM = /^[A-Za-z0-9 \n@£$¥èéùìòÇØøÅå_ΔΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà]*$/;
const isOneSms = (text: string): boolean => text.length <= (GSM.test(text) ? 160 : 70);

/** The same in one SMS: what does not fit is left out, the number and the code never. */
export function receiptShort({ site, ticketNo, code, statusUrl }: ReceiptFacts): string {
  const core = `Aduan Anda diterima. Nomor ${ticketNo}, kode ${code}.`;
  const more = [...(statusUrl ? [`Cek ${statusUrl}`] : []), site];
  return more.reduce((text, one) => (isOneSms(`${text} ${one}`) ? `${text} ${one}` : text), core);
}

/** At a word's end, with a sign that more follows. */
function shortened(text: string, most: number): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat.length <= most) return flat;
  const cut = flat.slice(0, most);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most - 40))}…`;
}
