import { type AnyAdapter, item } from '#contract';
import { must, mustEqual } from '../expect.ts';
import { type Harness, objectIdOf } from '../harness.ts';
import { observed } from '../observe.ts';
import { event, normalised } from '../samples.ts';
import type { Check } from './check.ts';

/** What is entered at the hub comes as an item already. */
const brought = ({ receive, poll }: AnyAdapter) => Boolean(receive ?? poll);

const samples = (harness: Harness) => harness.verbs.map((verb, number) => event(harness, number, { verb }));

const schema: Check = {
  name: 'normalise gives items of the one format',
  applies: brought,
  async run(adapter, harness) {
    for (const sample of samples(harness)) {
      const read = await normalised(adapter, harness, harness.raw(sample));
      const fits = item.safeParse(read);
      must(fits.success, `normalise (${sample.verb}): ${fits.error?.message}`);
      mustEqual(fits.data.objectId, objectIdOf(harness, sample), `normalise (${sample.verb}): objectId`);
      mustEqual(Date.parse(fits.data.at), sample.at.getTime(), `normalise (${sample.verb}): at`);
      mustEqual(fits.data.type, sample.verb === 'delete' ? 'deletion' : 'message', `normalise (${sample.verb}): type`);
      if (fits.data.type === 'message')
        mustEqual(fits.data.edited ?? false, sample.verb === 'edit', `normalise (${sample.verb}): edited`);
    }
  },
};

const stable: Check = {
  name: 'normalise gives the same for the same item, as text and as bytes',
  applies: brought,
  async run(adapter, harness) {
    for (const sample of samples(harness)) {
      const raw = harness.raw(sample);
      const first = await normalised(adapter, harness, raw);
      mustEqual(await normalised(adapter, harness, raw), first, 'normalise again');
      mustEqual(await normalised(adapter, harness, Buffer.from(raw)), first, 'normalise of the bytes');
    }
  },
};

const pure: Check = {
  name: 'normalise does no input or output, sets no timer and reads no clock',
  applies: brought,
  async run(adapter, harness) {
    for (const sample of samples(harness)) {
      const raw = harness.raw(sample);
      // The first call may load the code that reads.
      await normalised(adapter, harness, raw);
      const { seen } = await observed(() => normalised(adapter, harness, raw));
      must(seen.length === 0, `normalise: used ${[...new Set(seen)].join(', ')}`);
    }
  },
};

/** Kept word for word. */
const KEPT = {
  'right to left': 'عربي שלום \u202Eterbalik\u202C',
  emoji: '👨‍👩‍👧‍👦 🇮🇩 🕳️',
  'what looks like code': "'; DROP TABLE complaint; -- ${PATH} {{7*7}} %s \\",
};
/** May be cleaned, must not break anything. */
const SURVIVED = {
  NUL: 'awal\u0000akhir',
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;',
  'a lone surrogate': 'awal \ud83d akhir \udc00',
  'control characters': '\u0001\u0002\u001b[31m\u0085\u2028\ufeff',
  empty: '',
};

const hostile: Check = {
  name: 'normalise survives hostile text',
  applies: brought,
  async run(adapter, harness) {
    const textOf = async (text: string) => {
      const read = await normalised(adapter, harness, harness.raw(event(harness, 1, { text })));
      const fits = item.safeParse(read);
      must(fits.success && fits.data.type === 'message', 'normalise: hostile text broke the item');
      return fits.data.text;
    };
    for (const [what, text] of Object.entries(KEPT))
      must((await textOf(text)).includes(text), `normalise: ${what} was not kept as it came`);
    for (const [what, text] of Object.entries(SURVIVED))
      await textOf(text).catch((error: unknown) => must(false, `normalise: ${what}: ${String(error)}`));
    must((await textOf('a'.repeat(100_000))).length >= 100_000, 'normalise: a text of 100 kB was cut');
  },
};

const brokenBytes: Check = {
  name: 'normalise survives broken UTF-8 and cut items',
  applies: brought,
  async run(adapter, harness) {
    const whole = Buffer.from(harness.raw(event(harness, 1)));
    const middle = Math.floor(whole.length / 2);
    const broken = Buffer.from(whole);
    broken.set([0xff, 0xc3, 0x28], middle);
    for (const raw of [broken, whole.subarray(0, middle), Buffer.alloc(0), Buffer.from('null'), Buffer.from('[[[[')]) {
      const outcome = await normalised(adapter, harness, raw).catch((error: unknown) => error);
      const clean = outcome instanceof Error || outcome === null || item.safeParse(outcome).success;
      must(clean, 'normalise: a broken item gave neither an item nor an Error');
    }
  },
};

const kept: Check = {
  name: 'what normalise leaves out of the view stands in `full`, with the view',
  applies: brought,
  async run(adapter, harness) {
    for (const sample of samples(harness)) {
      const read = await normalised(adapter, harness, harness.raw(sample));
      if (read?.type !== 'message' || !read.full) continue;
      const missing = read.text.split(/\s+/).filter((word) => !read.full?.text.includes(word));
      must(missing.length === 0, `normalise: ${missing.length} words of \`text\` are not in \`full\``);
    }
  },
};

export const normaliseChecks: readonly Check[] = [schema, stable, pure, hostile, kept, brokenBytes];
