import type { Delivery, RawItem } from '#contract';
import { fieldsOf, idOf, listOf, parseJson } from './json.ts';
import { type Entry, type Piece, rawItem } from './piece.ts';
import { splitInstagram } from './split/instagram.ts';
import { splitPage } from './split/page.ts';
import { splitWhatsapp } from './split/whatsapp.ts';

type Split = (entry: Entry) => Piece[];

const OBJECTS: Readonly<Record<string, { adapter: string; split: Split }>> = {
  page: { adapter: 'facebook', split: splitPage },
  instagram: { adapter: 'instagram', split: splitInstagram },
  whatsapp_business_account: { adapter: 'whatsapp', split: splitWhatsapp },
};

/** The "Test" button of the dashboard sends for this account. */
const TEST_ACCOUNT = '0';

/** All entries with all their changes, each with its account and adapter. A part nobody can read is an item all the same. */
export function unpack({ body }: Delivery): RawItem[] {
  const { object, entry } = fieldsOf(parseJson(new TextDecoder().decode(body)));
  const known = OBJECTS[String(object)];
  if (!known) throw new Error('the delivery is for an object that nobody here knows');
  const { adapter, split } = known;
  return listOf(entry).flatMap((one) =>
    piecesOf(one, split)
      .filter((piece) => piece.account !== TEST_ACCOUNT)
      .map((piece) => rawItem(adapter, piece)),
  );
}

function piecesOf(given: unknown, split: Split): Piece[] {
  const fields = fieldsOf(given);
  const id = idOf(fields.id) ?? '';
  const pieces = split({ id, time: fields.time, fields });
  return pieces.length > 0 ? pieces : [{ account: id, key: null, raw: { entry: given } }];
}
