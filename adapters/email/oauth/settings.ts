import { z } from 'zod';
import { secret } from '#contract';

const address = () => z.url({ protocol: /^https?$/ });

/** Signing in with an access token in the place of a password (XOAUTH2). */
export const oauthSettings = z.strictObject({
  with: z.enum(['google', 'microsoft']).meta({ description: 'Gmail and Google Workspace, or Microsoft 365' }),
  clientId: z.string().min(1),
  clientSecret: secret().optional().meta({ description: 'Not needed for a public client of Microsoft' }),
  tenant: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .default('organizations')
    .meta({ description: 'Microsoft: the organisation, by its number or domain' }),
  consent: z.enum(['production', 'testing']).default('production').meta({
    description: 'Google: publishing status of the consent screen. In "testing" the token ends after 7 days',
  }),
  authorizeUrl: address().optional().meta({ description: 'Consent screen; without it the real one' }),
  tokenUrl: address().optional().meta({ description: 'Token endpoint; without it the real one' }),
});
export type OauthSettings = z.infer<typeof oauthSettings>;
