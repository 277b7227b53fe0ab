import { type Paper, paragraphs } from './index.ts';

/** How letters of an agency look, as `hub.yaml` holds it. */
export interface LetterStyle {
  head?: string[] | undefined;
  place?: string | undefined;
  signer?: { title: string; name: string; nip?: string | undefined } | undefined;
}

export interface LetterFacts {
  site: string;
  agency: string | null;
  style: LetterStyle;
  ticketNo: string;
  /** When the complaint came. */
  receivedAt: Date;
  at: Date;
  timezone: string;
  /** The reporter's name and address; `null`: they are not to be named. */
  to: { name: string; address?: string | undefined } | null;
  text: string;
}

const dateOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('id-ID', { timeZone, dateStyle: 'long' }).format(at);

/** An approved answer as a letter (*surat jawaban*). Its number is written by hand, as the office's register gives it. */
export function letterPaper(facts: LetterFacts): Paper {
  const { site, agency, style, ticketNo, to, timezone } = facts;
  const { signer, place } = style;
  const date = dateOf(facts.at, timezone);
  return {
    head: style.head ?? [site, ...(agency ? [agency] : [])],
    date: place ? `${place}, ${date}` : date,
    rows: [
      ['Nomor', '.....................................'],
      ['Hal', `Tanggapan atas aduan nomor ${ticketNo}`],
    ],
    to: to
      ? ['Kepada Yth.', to.name, ...(to.address ? to.address.split('\n') : [])]
      : ['Kepada Yth.', `Pelapor aduan nomor ${ticketNo}`],
    body: [
      `Menanggapi aduan yang kami terima pada ${dateOf(facts.receivedAt, timezone)}, kami sampaikan sebagai berikut.`,
      ...paragraphs(facts.text),
      'Demikian kami sampaikan, atas perhatiannya kami ucapkan terima kasih.',
    ],
    sign: signer
      ? [signer.title, '', '', '', signer.name, ...(signer.nip ? [`NIP ${signer.nip}`] : [])]
      : [agency ?? site, '', '', '', '.....................................'],
    foot: ['Bila belum puas dengan tanggapan ini, Anda dapat menghubungi Ombudsman Republik Indonesia.'],
  };
}
