import type { AnyAdapter, Delivery, RawItem, Unpacked, Verdict } from '#contract';
import { atEndpoint, endpointContext, KIT_NOW } from '../context.ts';
import { must, mustEqual } from '../expect.ts';
import { type Harness, needs } from '../harness.ts';
import { event, normalised } from '../samples.ts';
import { type Check, has } from './check.ts';

const applies = has('receive');
const sideOf = (harness: Harness) => needs(harness.receive, 'receive');

const verdictOn = (adapter: AnyAdapter, harness: Harness, delivery: Delivery): Promise<Verdict> =>
  atEndpoint(adapter, harness, (ctx) => adapter.receive!.verify(delivery, ctx));

async function mustRefuse(adapter: AnyAdapter, harness: Harness, delivery: Delivery, what: string): Promise<void> {
  const verdict = await verdictOn(adapter, harness, delivery).catch((error) => String(error));
  must(typeof verdict === 'object', `verify: ${what} made it throw (${verdict}); it must answer with a reason`);
  must(!verdict.ok, `verify: ${what} was accepted`);
}

const wakesOnly = (harness: Harness): boolean => Boolean(sideOf(harness).unsigned ?? sideOf(harness).onlyWakes);

/** Where nobody signed the bytes, anyone on the way may have changed them: they may wake, and nothing more. */
function mustOnlyWake(adapter: AnyAdapter, harness: Harness, body: Uint8Array, what: string): void {
  must(isWake(adapter, harness, body), `unpack: ${what}, which may only wake, was more than that, or broke it`);
}

function isWake(adapter: AnyAdapter, harness: Harness, body: Uint8Array): boolean {
  try {
    return unpackHere(adapter, harness, { body, headers: {}, query: {} }) === 'wake';
  } catch {
    return false;
  }
}

/** A change of the body: refused where the body is signed. */
async function mustNotCount(adapter: AnyAdapter, harness: Harness, delivery: Delivery, what: string): Promise<void> {
  if (sideOf(harness).unsigned) mustOnlyWake(adapter, harness, delivery.body, what);
  else await mustRefuse(adapter, harness, delivery, what);
}

function genuine(harness: Harness, count = 3): Delivery {
  const events = Array.from({ length: count }, (_, number) => event(harness, number));
  return sideOf(harness).sign(sideOf(harness).body(events), KIT_NOW);
}

/** As the hub does, with the endpoint's settings. */
const unpackHere = (adapter: AnyAdapter, harness: Harness, delivery: Delivery): Unpacked =>
  adapter.receive!.unpack(delivery, endpointContext(adapter, harness).settings);

function unpacked(adapter: AnyAdapter, harness: Harness, delivery: Delivery): RawItem[] {
  const items = unpackHere(adapter, harness, delivery);
  must(items !== 'wake', 'unpack: a delivery with items was taken for a mere wake-up');
  return items;
}

const accepts: Check = {
  name: 'verify accepts a genuine delivery, also one that is not UTF-8',
  applies,
  async run(adapter, harness) {
    for (const delivery of [genuine(harness), sideOf(harness).sign(notUtf8(harness, 0xff), KIT_NOW)]) {
      const verdict = await verdictOn(adapter, harness, delivery);
      must(verdict.ok, `verify: a genuine delivery was refused: ${verdict.ok || verdict.reason}`);
    }
  },
};

/** A body with one byte that no UTF-8 text has. A decoder turns 0xff and 0xfe into the same U+FFFD. */
function notUtf8(harness: Harness, byte: number): Uint8Array {
  const body = Uint8Array.from(sideOf(harness).body([event(harness, 1)]));
  body[Math.floor(body.length / 2)] = byte;
  return body;
}

const changedByte: Check = {
  name: 'verify refuses a delivery with one changed byte',
  applies,
  async run(adapter, harness) {
    const delivery = genuine(harness);
    const step = Math.ceil(delivery.body.length / 25);
    for (let at = 0; at < delivery.body.length; at += step) {
      const body = Uint8Array.from(delivery.body);
      body[at] = body[at]! ^ 1;
      await mustNotCount(adapter, harness, { ...delivery, body }, `a change of byte ${at}`);
    }
    await mustNotCount(adapter, harness, { ...delivery, body: new Uint8Array() }, 'an emptied body');
  },
};

const changedBinary: Check = {
  name: 'verify works on bytes: 0xff changed to 0xfe is refused',
  applies,
  async run(adapter, harness) {
    const delivery = sideOf(harness).sign(notUtf8(harness, 0xff), KIT_NOW);
    await mustNotCount(adapter, harness, { ...delivery, body: notUtf8(harness, 0xfe) }, '0xff changed to 0xfe');
  },
};

const brokenSignature: Check = {
  name: 'verify refuses a missing, short or senseless signature without throwing',
  applies,
  async run(adapter, harness) {
    const delivery = genuine(harness);
    for (const name of sideOf(harness).signatureHeaders) {
      const { [name]: value = '', ...others } = delivery.headers;
      must(value !== '', `the harness names the header ${name}, and its delivery does not have it`);
      await mustRefuse(adapter, harness, { ...delivery, headers: others }, `without ${name}`);
      for (const wrong of [
        '',
        ' ',
        value.slice(0, value.length / 2),
        `${value.slice(0, -4)}`,
        ',',
        '\u{1F600}é',
        'x'.repeat(9_999),
      ])
        await mustRefuse(
          adapter,
          harness,
          { ...delivery, headers: { ...others, [name]: wrong } },
          `${name}: ${wrong.slice(0, 20)}`,
        );
    }
  },
};

const reserialised: Check = {
  name: 'verify refuses the same JSON written another way',
  applies,
  async run(adapter, harness) {
    const delivery = genuine(harness);
    const body = Buffer.from(rewritten(Buffer.from(delivery.body).toString()));
    await mustNotCount(adapter, harness, { ...delivery, body }, 're-serialised content');
  },
};

function rewritten(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return `${text}\n`;
  }
}

const complete: Check = {
  name: 'unpack gives every event of a batch, each with its account, and the same each time',
  applies,
  async run(adapter, harness) {
    const events = Array.from({ length: 50 }, (_, number) =>
      event(harness, number, { account: `${harness.account}${number % 3}` }),
    );
    if (wakesOnly(harness)) return mustOnlyWake(adapter, harness, sideOf(harness).body(events), 'a batch');
    const delivery = sideOf(harness).sign(sideOf(harness).body(events), KIT_NOW);
    const items = unpacked(adapter, harness, delivery);
    mustEqual(
      items.map((one) => one.account),
      events.map((one) => one.account),
      'unpack: the accounts',
    );
    const read = await Promise.all(items.map((one) => normalised(adapter, harness, one.raw)));
    mustEqual(
      read.map((one) => one?.objectId),
      events.map((one) => one.objectId),
      'unpack: the objects',
    );
    mustEqual(unpacked(adapter, harness, delivery), items, 'unpack of the same delivery again');
    const alone = events.map(
      (one) => unpacked(adapter, harness, sideOf(harness).sign(sideOf(harness).body([one]), KIT_NOW))[0]?.key,
    );
    mustEqual(
      alone,
      items.map((one) => one.key),
      'unpack: the keys of the same events delivered one by one',
    );
  },
};

const keys: Check = {
  name: 'unpack gives creation, edit and deletion of one object keys of their own',
  applies,
  async run(adapter, harness) {
    const events = harness.verbs.map((verb, number) => event(harness, 1, { verb, at: event(harness, number).at }));
    const later = event(harness, 1, { verb: 'edit', at: event(harness, 9).at, text: 'a second edit' });
    const all = harness.verbs.includes('edit') ? [...events, later, event(harness, 2)] : [...events, event(harness, 2)];
    if (wakesOnly(harness)) return mustOnlyWake(adapter, harness, sideOf(harness).body(all), 'a batch');
    const items = unpacked(adapter, harness, sideOf(harness).sign(sideOf(harness).body(all), KIT_NOW));
    mustEqual(new Set(items.map((one) => one.key)).size, all.length, 'unpack: distinct keys');
    must(
      items.every((one) => one.key.length > 0 && one.key.length <= 500),
      'unpack: a key is empty or longer than 500',
    );
  },
};

const unreadable: Check = {
  name: 'one unreadable member of a batch of 1,000 spoils no other',
  applies,
  async run(adapter, harness) {
    const events = Array.from({ length: 1_000 }, (_, number) =>
      event(harness, number, number === 500 ? { verb: 'garbage' } : {}),
    );
    if (wakesOnly(harness)) return mustOnlyWake(adapter, harness, sideOf(harness).body(events), 'a batch');
    const items = unpacked(adapter, harness, sideOf(harness).sign(sideOf(harness).body(events), KIT_NOW));
    mustEqual(items.length, 1_000, 'unpack: items of a batch with one unreadable member');
    const outcomes = await Promise.allSettled(items.map((one) => normalised(adapter, harness, one.raw)));
    const failed = outcomes.flatMap((one, number) => (one.status === 'rejected' ? [number] : []));
    mustEqual(failed, [500], 'normalise: the members that cannot be read');
  },
};

const addressed: Check = {
  name: 'unpack gives items only to adapters that the endpoint serves',
  applies,
  async run(adapter, harness) {
    const events = Array.from({ length: 3 }, (_, number) => event(harness, number));
    if (wakesOnly(harness)) return mustOnlyWake(adapter, harness, sideOf(harness).body(events), 'a batch');
    const served = [undefined, adapter.name, ...(adapter.receive!.serves ?? [])];
    for (const item of unpacked(adapter, harness, sideOf(harness).sign(sideOf(harness).body(events), KIT_NOW))) {
      must(served.includes(item.adapter), `unpack: an item for "${item.adapter}", which \`serves\` does not name`);
      must((item.adapter ?? adapter.name) === adapter.name, 'unpack: its own event went to another adapter');
    }
  },
};

const DAY_MS = 86_400_000;

const old: Check = {
  name: 'verify refuses a signature of yesterday, or takes it for a mere wake-up',
  applies,
  async run(adapter, harness) {
    if (!sideOf(harness).dated) return;
    const body = sideOf(harness).body([event(harness, 1)]);
    for (const away of [-DAY_MS, DAY_MS]) {
      const delivery = sideOf(harness).sign(body, new Date(KIT_NOW.getTime() + away));
      const verdict = await verdictOn(adapter, harness, delivery);
      must(!verdict.ok || verdict.stale, `verify: a signature ${away / DAY_MS} days off was taken for a fresh one`);
    }
    const fresh = await verdictOn(adapter, harness, sideOf(harness).sign(body, KIT_NOW));
    must(fresh.ok && !fresh.stale, 'verify: a fresh signature was taken for an old one');
  },
};

const wake: Check = {
  name: 'unpack knows a delivery that only says that something changed',
  applies,
  async run(adapter, harness) {
    const { wake: body, sign } = sideOf(harness);
    if (body) mustEqual(unpackHere(adapter, harness, sign(body, KIT_NOW)), 'wake', 'unpack of a wake-up');
  },
};

const handshake: Check = {
  name: 'handshake answers the platform and leaves deliveries alone',
  applies: (adapter) => adapter.receive?.handshake !== undefined,
  async run(adapter, harness) {
    const { ask, answer } = needs(sideOf(harness).handshake, 'receive.handshake');
    const ctx = endpointContext(adapter, harness);
    const given = await adapter.receive!.handshake!(ask, ctx);
    mustEqual(given?.body, answer, 'handshake: the body');
    must(given !== null && given.status >= 200 && given.status < 300, 'handshake: the status is not 2xx');
    mustEqual(await adapter.receive!.handshake!(genuine(harness), ctx), null, 'handshake for a delivery');
  },
};

const erasure: Check = {
  name: 'erasure knows a genuine request for deletion, and no changed one',
  applies: (adapter) => adapter.receive?.erasure !== undefined,
  async run(adapter, harness) {
    if (!adapter.receive?.erasure) return;
    const { ask, person } = needs(sideOf(harness).erasure, 'receive.erasure');
    const ctx = endpointContext(adapter, harness);
    mustEqual(await adapter.receive.erasure(ask, ctx), { person }, 'erasure: the person');
    for (let at = 0; at < ask.body.length; at += Math.ceil(ask.body.length / 40)) {
      const body = Uint8Array.from(ask.body);
      body[at] = body[at] === 0x41 ? 0x42 : 0x41;
      mustEqual(await adapter.receive.erasure({ ...ask, body }, ctx), null, `erasure with byte ${at} changed`);
    }
    for (const body of ['', 'signed_request=', 'signed_request=.', 'x'.repeat(9_999)])
      mustEqual(await adapter.receive.erasure({ ...ask, body: Buffer.from(body) }, ctx), null, 'erasure of nonsense');
  },
};

export const receiveChecks: readonly Check[] = [
  accepts, changedByte, changedBinary, brokenSignature, reserialised, complete, keys, unreadable, addressed, erasure, old, wake,
  handshake,
]; // biome-ignore format: one glance
