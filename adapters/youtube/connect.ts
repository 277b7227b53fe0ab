import type { ChannelContext, Connected, Setup } from '#contract';
import { googleConnect } from '../_google/connect.ts';
import { fieldsOf, listOf, parseJson, textOf } from '../_meta/json.ts';
import type { Settings } from './settings.ts';

export const SCOPE = 'https://www.googleapis.com/auth/youtube.force-ssl';

export const connect = googleConnect<Settings>({
  scopes: [{ name: SCOPE, without: 'komentar tidak dapat dibalas, dan yang ditahan YouTube tidak terbaca' }],
  accountOf,
});

/** The channel that was picked: a person's own account answers as that person. Not known where YouTube does not say. */
async function accountOf({ http, settings }: ChannelContext<Settings>, access: string): Promise<Connected['account']> {
  const query = { part: 'id,snippet', mine: 'true' };
  const headers = { authorization: `Bearer ${access}` };
  const answer = await http({ url: `${settings.apiBase}/channels`, query, headers }).catch(() => undefined);
  if (answer?.status !== 200) return undefined;
  const [channel] = listOf(fieldsOf(jsonOf(answer.text())).items).map(fieldsOf);
  const [id, name] = [textOf(channel?.id), textOf(fieldsOf(channel?.snippet).title)];
  return id ? { id, ...(name && { name }) } : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

export const setup: readonly Setup[] = [
  {
    kind: 'youtube',
    label: 'YouTube (komentar di video)',
    account: {
      ask: 'ID kanal YouTube',
      hint: 'Diawali UC; di YouTube: Setelan, Setelan lanjutan',
      example: 'UCcontohkab0000000000001',
    },
    questions: [
      {
        key: 'clientId',
        ask: 'Client ID',
        hint: 'Google Cloud Console, Credentials',
        example: '1234-contoh.apps.googleusercontent.com',
      },
      { key: 'clientSecret', ask: 'Client secret', example: 'GOOGLE_CLIENT_SECRET', secret: true },
    ],
    next: 'Hubungkan akunnya: kanal channel connect. Pilih kanal YouTube itu, bukan akun pribadi.',
  },
];
