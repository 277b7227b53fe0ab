import { z } from 'zod';
import { secret } from '#contract';

/** An http or https address without a slash at its end; the real one unless a file says otherwise. */
export const googleAddress = (real: string) =>
  z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).href.replace(/\/+$/, ''))
    .prefault(real);

/** What every channel of Google sets. */
export const googleSettings = {
  clientId: z.string().min(1).meta({ description: 'OAuth client of the Google Cloud project' }),
  clientSecret: secret().meta({ description: 'Secret of the same client' }),
  refreshToken: secret().optional().meta({
    description: 'Not needed after "kanal channel connect"; only where a token was made by other means',
  }),
  consent: z.enum(['production', 'testing']).default('production').meta({
    description: 'Publishing status of the OAuth consent screen. In "testing" Google ends the token after 7 days',
  }),
  tokenUrl: googleAddress('https://oauth2.googleapis.com/token'),
  authorizeUrl: googleAddress('https://accounts.google.com/o/oauth2/v2/auth').meta({ description: 'Consent screen' }),
};

type SecretSetting = ReturnType<ReturnType<typeof secret>['parse']>;

export interface GoogleSettings {
  clientId: string;
  clientSecret: SecretSetting;
  refreshToken?: SecretSetting | undefined;
  consent: 'production' | 'testing';
  tokenUrl: string;
  authorizeUrl: string;
}
