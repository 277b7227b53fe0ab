import type { FormErrors, FormField } from '../../core/door/form.ts';
import { type Html, html } from './html.ts';

export interface FieldView {
  name: FormField;
  label: string;
  hint?: Html | string;
  value: string;
  error?: string | undefined;
  required?: boolean;
  /** What browsers may fill in; `off` where it would betray somebody. */
  autocomplete?: string;
}

/** Label, hint and message around an input, tied to it for those who hear the page. */
export function field(view: FieldView, input: (attributes: Html) => Html, more = ''): Html {
  const { name, label, hint, error, required = false, autocomplete = 'off' } = view;
  const described = [hint && `${name}-petunjuk`, error && `${name}-galat`].filter(Boolean).join(' ');
  const attributes = html`id="${name}" name="${name}" autocomplete="${autocomplete}"${
    described && html` aria-describedby="${described}"`
  }${required && html` aria-required="true"`}${error && html` aria-invalid="true"`}`;
  return html`<div class="isian${error && ' salah'}${more && ` ${more}`}">
<label for="${name}">${label}${!required && html` <span class="tak">(boleh kosong)</span>`}</label>
${hint && html`<p class="petunjuk" id="${name}-petunjuk">${hint}</p>`}
${error && html`<p class="pesan" id="${name}-galat">${error}</p>`}
${input(attributes)}
</div>`;
}

export const line = (view: FieldView, type: 'text' | 'tel' | 'email' | 'date' = 'text', more = ''): Html =>
  field(view, (attributes) => html`<input type="${type}" ${attributes} value="${view.value}">`, more);

export const area = (view: FieldView): Html =>
  // A line break directly after the tag is not part of the text.
  field(view, (attributes) => html`<textarea ${attributes} rows="8">\n${view.value}</textarea>`);

export const choice = (view: FieldView, options: readonly { code: string; label: string }[]): Html =>
  field(
    view,
    (attributes) =>
      html`<select ${attributes}><option value="">Pilih topik</option>${options.map(
        ({ code, label }) => html`<option value="${code}"${code === view.value && html` selected`}>${label}</option>`,
      )}</select>`,
  );

/** What is wrong, above the form, with the way to each field. Where it is, people and screen readers begin. */
export function summary(errors: FormErrors, places: Partial<Record<keyof FormErrors, string>> = {}): Html | false {
  const wrong = Object.entries(errors) as [keyof FormErrors, string][];
  if (wrong.length === 0) return false;
  return html`<div class="galat" role="alert" tabindex="-1" autofocus>
<h2>Aduan belum terkirim</h2><p>Yang sudah Anda tulis tidak hilang. Mohon perbaiki:</p>
<ul>${wrong.map(([name, message]) => html`<li><a href="#${places[name] ?? name}">${message}</a></li>`)}</ul></div>`;
}

/** Nobody sees it; a robot fills in everything. */
export const trap = (token: string): Html => html`<input type="hidden" name="token" value="${token}" autocomplete="off">
<div class="jebakan" aria-hidden="true"><label>Biarkan kosong <input type="text" name="situs" tabindex="-1" autocomplete="off" value=""></label></div>`;
