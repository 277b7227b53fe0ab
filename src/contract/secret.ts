import { z } from 'zod';

/**
 * The name of a secret, as it stands in a configuration file: `${LAPOR_TOKEN}`.
 * Settings never hold the value itself; `ctx.secret(ref)` reads it each time it is needed, so that a replaced token
 * works without a restart, and so that printing settings can never print a secret.
 */
export type SecretRef = string & { readonly __secret: true };

const PATTERN = /^\$\{([A-Z][A-Z0-9_]{0,63})\}$/;

/** A setting that holds a secret. Only a reference is accepted: a literal value in a file is a configuration error. */
export function secret() {
  return z
    .string()
    .regex(
      PATTERN,
      'a reference to a secret such as ${LAPOR_TOKEN}; store its value with "kanal secret set LAPOR_TOKEN"',
    )
    .transform((text) => text as SecretRef)
    .meta({ description: 'A reference to a secret: ${NAME}', examples: ['${LAPOR_TOKEN}'] });
}

/** `${LAPOR_TOKEN}` to `LAPOR_TOKEN`. */
export function secretName(ref: SecretRef): string {
  const name = PATTERN.exec(ref)?.[1];
  if (!name) throw new TypeError('not a reference to a secret');
  return name;
}
