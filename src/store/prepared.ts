import type { PoolClient } from 'pg';

const NAME = /^\s*\/\* ([\w ]{1,60}) \*\//;

/**
 * A statement whose text begins with a name in a comment is parsed and planned once per connection instead of each
 * time, which for the short statements of the hot paths costs as much as running them. Its text must not vary (`= any($1)`
 * rather than a list of placeholders): a second text under the same name is an error of the client.
 */
export function prepareNamed(client: PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const named = (...args: unknown[]): unknown => {
    const [text, values] = args;
    const name = typeof text === 'string' && NAME.exec(text)?.[1];
    return name ? query({ name, text, values }) : query(...args);
  };
  client.query = named as typeof client.query;
}
