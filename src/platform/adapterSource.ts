import type { AnyAdapter } from '#contract';

/**
 * Where a thread takes its adapters from: a folder (its address ends in `/`) with a module `<name>/index.ts` for each, of
 * which only those are loaded that are needed; or one module that exports all of them as `adapters`.
 */
export async function adapterSource(registry: string): Promise<(name: string) => Promise<AnyAdapter | undefined>> {
  if (!registry.endsWith('/')) {
    const { adapters } = (await import(registry)) as { adapters: Readonly<Record<string, AnyAdapter>> };
    return async (name) => adapters[name];
  }
  return async (name) => {
    if (!/^[a-z0-9-]+$/.test(name)) return undefined;
    const loaded = import(new URL(`${name}/index.ts`, registry).href) as Promise<{ default: AnyAdapter }>;
    return loaded.then(
      (module) => module.default,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
        throw error;
      },
    );
  };
}
