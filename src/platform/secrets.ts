import { ChannelError, type SecretRef, secretName } from '#contract';
import type { Keyring } from './keyring.ts';

export interface SecretSources {
  /** The stored, encrypted value of a name. */
  read(name: string): Promise<Buffer | undefined>;
  keyring: Keyring;
  /** The environment. */
  env(name: string): string | undefined;
  /** Told every value before it is given out, so that the logs never show it. */
  scrub(value: string): void;
}

export interface Secrets {
  /** The store first, then the environment. Throws ChannelError `auth` when it is nowhere. */
  get(ref: SecretRef): Promise<string>;
}

/** A replaced token works within this time, without a restart. */
const FRESH_MS = 1_000;

/** The context under which the value of a secret is encrypted. */
export const secretContext = (name: string): string => `secret:${name}`;

export function createSecrets(sources: SecretSources): Secrets {
  const known = new Map<string, { at: number; value: Promise<string> }>();
  return {
    get(ref) {
      const name = secretName(ref);
      const found = known.get(name);
      const now = performance.now();
      if (found && now - found.at < FRESH_MS) return found.value;
      const value = lookUp(name, sources);
      known.set(name, { at: now, value });
      // A secret that is missing now may be set a moment later.
      value.catch(() => known.delete(name));
      return value;
    },
  };
}

async function lookUp(name: string, { read, keyring, env, scrub }: SecretSources): Promise<string> {
  const stored = await read(name);
  const value = stored ? keyring.decrypt(stored, secretContext(name)).toString('utf8') : env(name);
  if (!value)
    throw new ChannelError('auth', `the secret ${name} is not set; store it with "kanal secret set ${name}"`, {
      code: 'secret_missing',
    });
  scrub(value);
  return value;
}
