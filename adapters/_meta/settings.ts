import { z } from 'zod';
import { type SecretRef, secret } from '#contract';
import { GRAPH_VERSION } from './version.ts';

/** An http or https address without a slash at its end. */
export const webAddress = () =>
  z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).href.replace(/\/+$/, ''));

/** The same, with the real one unless a file says otherwise. */
export const graphAddress = (real: string) => webAddress().prefault(real);

/** What every channel of Meta sets. */
export const metaSettings = {
  appId: z
    .string()
    .regex(/^\d{1,30}$/, 'the number of the app at developers.facebook.com')
    .meta({ description: 'Number of the Meta app' }),
  appSecret: secret().meta({ description: 'Secret of the same app: proves each call, and checks the token' }),
  token: secret().optional().meta({
    description: 'Token of the page, or of a system user. Not needed after "kanal channel connect"',
  }),
  graphUrl: graphAddress('https://graph.facebook.com'),
  dialogUrl: graphAddress('https://www.facebook.com').meta({ description: 'Where the consent screen stands' }),
  loginConfig: z
    .string()
    .regex(/^\d{1,30}$/)
    .optional()
    .meta({
      description:
        'Configuration of Facebook Login for Business, where the app uses that instead of a list of permissions',
    }),
  graphVersion: z
    .string()
    .regex(/^v\d{2}\.0$/, 'a version such as v26.0')
    .default(GRAPH_VERSION)
    .meta({ description: 'Version of the Graph API; the one place to change it for this channel' }),
  mediaHosts: z
    .array(z.string().min(1))
    .default(['.fbcdn.net', '.fbsbx.com', '.cdninstagram.com'])
    .meta({ description: 'Hosts that files may be fetched from; a leading dot stands for every host below it' }),
};

export interface MetaSettings {
  appId: string;
  appSecret: SecretRef;
  token?: SecretRef | undefined;
  graphUrl: string;
  dialogUrl: string;
  loginConfig?: string | undefined;
  graphVersion: string;
  mediaHosts: string[];
}

/** An endpoint in hub.yaml: one for each app, whichever of its channels it delivers for. */
export const endpointSettings = z.strictObject({
  secrets: z.array(secret()).min(1).max(5).meta({ description: 'App secrets; two while one replaces the other' }),
  verifyToken: secret().meta({ description: 'What the app sends when it checks this address' }),
});
export type EndpointSettings = z.infer<typeof endpointSettings>;
