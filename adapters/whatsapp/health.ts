import type { Health } from '#contract';
import { checkHealth, lookAfter, type Needs } from '../_meta/care.ts';
import { dataOf, graph } from '../_meta/graph.ts';
import { fieldsOf, listOf, textOf } from '../_meta/json.ts';
import type { Context } from './context.ts';
import { WHATSAPP_ERRORS } from './errors.ts';
import type { Settings, Template } from './settings.ts';

const FIELDS = ['messages', 'smb_message_echoes', 'history', 'account_update', 'message_template_status_update'];

const needs = ({ channel: { account }, settings: { business } }: Context): Needs => ({
  scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'],
  accounts: [business, account],
  wanted: { object: 'whatsapp_business_account', fields: FIELDS, assetPath: `/${business}/subscribed_apps` },
});

export const probe = async (ctx: Context): Promise<Health> => withNumber(ctx, await checkHealth(ctx, needs(ctx)));
export const care = {
  every: '30m',
  run: async (ctx: Context): Promise<Health> => withNumber(ctx, await lookAfter(ctx, needs(ctx))),
};

/** The token is only half: the number may be restricted, and the template paused. */
async function withNumber(ctx: Context, health: Health): Promise<Health> {
  const templates = await templatesOf(ctx);
  const found = [
    ...(await numberWarnings(ctx)),
    ...wantedTemplates(ctx.settings).flatMap((one) => templateWarnings(one, templates)),
  ];
  const warnings = [...(health.warnings ?? []), ...found];
  const list = templates.length > 0 ? `Templat: ${templates.map(inWords).join('; ')}.` : 'Belum ada templat.';
  const detail = [warnings.length > 0 ? warnings.join(' ') : health.detail, list].join(' ');
  return { ...health, detail, warnings };
}

async function numberWarnings(ctx: Context): Promise<string[]> {
  const fields = 'verified_name,display_phone_number,quality_rating,status';
  const call = { what: 'Memeriksa nomor WhatsApp', path: `/${ctx.channel.account}`, query: { fields } };
  const { quality_rating: quality, status } = await graph(ctx, { ...call, table: WHATSAPP_ERRORS, background: true });
  const warnings: string[] = [];
  if (quality === 'RED' || quality === 'YELLOW')
    warnings.push(`Mutu nomor ini ${quality === 'RED' ? 'rendah' : 'menurun'}: kurangi templat yang dikirim.`);
  if (typeof status === 'string' && status !== 'CONNECTED')
    warnings.push(`Nomor ini berkeadaan ${status}: periksa di WhatsApp Manager.`);
  return warnings;
}

interface Standing {
  name: string;
  language: string;
  status: string;
  /** How many `{{n}}` its body has. */
  parameters: number;
}

async function templatesOf(ctx: Context): Promise<Standing[]> {
  const what = 'Membaca templat WhatsApp';
  const query = { fields: 'name,language,status,components', limit: 100 };
  const path = `/${ctx.settings.business}/message_templates`;
  const answer = await graph(ctx, { what, path, query, table: WHATSAPP_ERRORS, background: true });
  return dataOf(answer, what).map(({ name, language, status, components }) => ({
    ...{ name: String(name), language: String(language), status: String(status) },
    parameters: placeholders(listOf(components).map(fieldsOf)),
  }));
}

function placeholders(components: readonly ReturnType<typeof fieldsOf>[]): number {
  const body = components.find((one) => one.type === 'BODY');
  return new Set(textOf(body?.text)?.match(/\{\{\d+\}\}/g)).size;
}

const inWords = ({ name, language, status, parameters }: Standing): string =>
  `${name} (${language}, ${status === 'APPROVED' ? 'disetujui' : status}, ${parameters} isian)`;

interface Wanted {
  setting: string;
  template: Pick<Template, 'name' | 'language'> & { parameters: readonly string[] };
}

function wantedTemplates({ answerTemplate, noticeTemplates }: Settings): Wanted[] {
  const all = { answerTemplate, ...noticeTemplates };
  return Object.entries(all).flatMap(([setting, template]) => (template ? [{ setting, template }] : []));
}

/** A template that is gone or does not fit is found now, not when the first late answer needs it. */
function templateWarnings({ setting, template }: Wanted, templates: readonly Standing[]): string[] {
  const { name, language, parameters } = template;
  const found = templates.find((one) => one.name === name && one.language === language);
  if (!found) return [`Templat ${name} (${language}) tidak ada di akun ini: buat, atau ubah ${setting}.`];
  if (found.status !== 'APPROVED') return [`Templat ${name} belum atau tidak lagi disetujui Meta (${found.status}).`];
  if (found.parameters !== parameters.length)
    return [`Templat ${name} punya ${found.parameters} isian, ${setting} mengisi ${parameters.length}.`];
  return [];
}
