import type { AnyAdapter } from '#contract';
import email from './email/index.ts';
import facebook from './facebook/index.ts';
import googleReviews from './google-reviews/index.ts';
import httpJson from './http-json/index.ts';
import instagram from './instagram/index.ts';
import manual from './manual/index.ts';
import sms from './sms/index.ts';
import tiktok from './tiktok/index.ts';
import twitter from './twitter/index.ts';
import webhook from './webhook/index.ts';
import website from './website/index.ts';
import whatsapp from './whatsapp/index.ts';
import youtube from './youtube/index.ts';

/** Every adapter the hub knows, by name. A new channel is one import and one word here. */
export const adapters: Readonly<Record<string, AnyAdapter>> = {
  email,
  facebook,
  'google-reviews': googleReviews,
  'http-json': httpJson,
  instagram,
  manual,
  sms,
  tiktok,
  twitter,
  webhook,
  website,
  whatsapp,
  youtube,
};
