import type { Health } from '#contract';
import { read } from './client.ts';
import { at } from './path.ts';
import type { Context } from './settings.ts';

/** Asks for the list, or for what the channel's file names. */
export async function probe(ctx: Context): Promise<Health> {
  const { probe: own, list, since } = ctx.settings;
  const values = { page: '1', offset: '0', size: 1, ...(since && { since: ctx.now() }) };
  const answer = await read(ctx, 'Checking the credentials', own ?? list.request, values);
  const listed = own ? undefined : at(answer, list.items);
  const found = Array.isArray(listed) || own !== undefined;
  return {
    detail: found
      ? 'Portal menjawab dan menerima kredensial.'
      : 'Portal menjawab, tetapi daftar laporan tidak ada di tempatnya.',
    ...(!found && { warnings: [`Tidak ada daftar pada "${list.items}" (settings.list.items).`] }),
  };
}
