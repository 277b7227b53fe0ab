import type { SettingFault } from '#contract';
import { placesIn } from './fields.ts';
import { READING } from './gateway/inbox.ts';
import { SENDING } from './gateway/send.ts';
import type { Gammu, Gateway, Settings } from './settings.ts';

type Path = (string | number)[];
interface Templates {
  path?: string;
  query: Record<string, string>;
  fields: Record<string, unknown>;
  method: string;
}

/** Names in braces that nothing fills, a text that would not be sent, secrets in an address, folders that are one. */
export const examine = async (settings: Settings): Promise<SettingFault[]> =>
  settings.via === 'gateway' ? inGateway(settings) : inGammu(settings);

function inGateway(settings: Gateway): SettingFault[] {
  const { send, lookup, inbox, check } = settings;
  return [
    ...inRequest(['send'], send, SENDING, settings),
    ...(lookup ? inRequest(['lookup'], lookup, ['key'], settings) : []),
    ...(inbox ? inRequest(['inbox'], inbox, READING, settings) : []),
    ...(check ? inRequest(['check'], check, [], settings) : []),
    ...missing(['send', 'fields'], send, ['to', 'text'], 'nomor tujuan dan isi harus ada di badan kiriman'),
    ...(lookup ? missing(['lookup'], lookup, ['key'], 'pencarian harus menyebut kunci kita') : []),
    ...(lookup
      ? missing(['send', 'fields'], send, ['key'], 'lookup mencari dengan {key}, jadi kiriman harus membawanya')
      : []),
  ];
}

const textsOf = ({ query, fields }: Templates): [Path, string][] =>
  [['query', query] as const, ['fields', fields] as const].flatMap(([part, members]) =>
    Object.entries(members).flatMap(([name, text]): [Path, string][] =>
      typeof text === 'string' ? [[[part, name], text]] : [],
    ),
  );

function inRequest(path: Path, request: Templates, known: readonly string[], { auth }: Gateway): SettingFault[] {
  const unknown = textsOf(request).flatMap(([at, text]) =>
    placesIn(text).flatMap(({ name, offset }) =>
      known.includes(name)
        ? []
        : [
            {
              path: [...path, ...at],
              offset,
              message: `{${name}} tidak diisi di sini; yang ada: ${known.map((one) => `{${one}}`).join(', ') || 'tidak ada'}`,
            },
          ],
    ),
  );
  const bare = auth.kind === 'body' && request.method === 'GET';
  const message = 'kunci di badan kiriman (auth: body) hanya untuk POST: tulis method: POST';
  return [...unknown, ...(bare ? [{ path: [...path], message }] : [])];
}

function missing(path: Path, request: Templates, names: readonly string[], why: string): SettingFault[] {
  const place = path.at(-1) === 'fields' ? { ...request, query: {} } : request;
  const there = new Set(textsOf(place).flatMap(([, text]) => placesIn(text).map(({ name }) => name)));
  const absent = names.filter((name) => !there.has(name));
  return absent.length === 0
    ? []
    : [{ path, message: `${absent.map((one) => `{${one}}`).join(' dan ')} tidak ada: ${why}` }];
}

function inGammu({ inbox, outbox, sent, error, done, charset }: Gammu): SettingFault[] {
  const folders = { inbox, outbox, sent, error, ...(done !== undefined && { done }) };
  const names = Object.entries(folders);
  const twice = names.flatMap(([name, folder], n) => {
    const other = names.slice(0, n).find(([, one]) => one === folder)?.[0];
    if (other === undefined) return [];
    return [
      {
        path: [name],
        message: `folder ini sama dengan ${other}; gammu-smsd lalu menghapus yang sudah terkirim dan hub tidak dapat mencarinya`,
      },
    ];
  });
  return [
    ...twice,
    ...(isCharset(charset)
      ? []
      : [{ path: ['charset'], message: `"${charset}" bukan nama charset; contoh: utf-8, iso-8859-1` }]),
  ];
}

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
