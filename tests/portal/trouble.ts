import { setTimeout as sleep } from 'node:timers/promises';
import type { KnobsInput, Portal, Profile, Report } from '../../simulators/portal/index.ts';
import { SHOWN as laporbup } from '../../simulators/portal/laporbup.ts';
import { SHOWN as laporgub, ticketOf } from '../../simulators/portal/laporgub.ts';
import { SHOWN as sp4n } from '../../simulators/portal/sp4n.ts';
import { poll } from '../../src/flows/poll.ts';
import { randomFrom } from '../crash/random.ts';
import { queueAnswers } from '../helpers/answers.ts';
import { serveHook } from '../meta/hook.ts';
import { HOOK, type PortalHub, portalHub } from './world.ts';

/** Every knob, at a strength at which work still goes on. */
const KNOBS = {
  ...{
    http500: 0.2,
    http429: 0.1,
    lambat_ms: 15,
    duplikat: 0.3,
    urutan_acak: 0.5,
    tanpa_id: 0.3,
    status_asing: 0.3,
    html: 0.4,
  },
  ...{ zona_hilang: 0.4, webhook_ganda: 0.5, webhook_tanda_salah: 0.3, tutup_mendadak: 0.3 },
} as const satisfies KnobsInput;

/** None, each alone, and each with each: 79 of them; or only every `step`th pair, another set for each seed. */
export function combinations(step = 1, seed = 0): KnobsInput[] {
  const names = Object.keys(KNOBS) as (keyof typeof KNOBS)[];
  const of = (...some: (keyof typeof KNOBS)[]): KnobsInput =>
    Object.fromEntries(some.map((name) => [name, KNOBS[name]]));
  const pairs = names.flatMap((one, n) => names.slice(n + 1).map((other) => of(one, other)));
  return [{}, ...names.map((name) => of(name)), ...pairs.filter((_, n) => n % step === seed % step)];
}

export interface TroubleOptions {
  profile: Profile;
  reports: number;
  answers: number;
  seed: number;
  /** Only every so many pairs of knobs. */
  step?: number;
  say?(line: string): void;
}

export interface TroubleResult {
  profile: Profile;
  seconds: number;
  reports: number;
  lost: number;
  doubled: number;
  /** Where the register's status, words or state of a withdrawn report differ from the portal's. */
  different: number;
  lostWords: number;
  answers: number;
  published: number;
  withPerson: number;
  doubledAnswers: number;
  falselyPublished: number;
  unnoticed: number;
  unsettled: number;
  quarantined: number;
  combinations: number;
}

/** Reports come and go, officers answer, and every knob is turned, alone and in pairs; then the portal is well again. */
export async function trouble(options: TroubleOptions): Promise<TroubleResult> {
  const { profile, reports, seed } = options;
  const policies = { publish: { sendTimeout: 2_000, lease: 4_000, maxAttempts: 200, giveUpAfter: 600_000 } };
  const world = await portalHub(profile, { portal: { pageSize: 20 }, hub: { policies } });
  const hook = profile === 'generik' ? await serveHook(world.hub, 'sambatmasbup') : undefined;
  const began = Date.now();
  try {
    if (hook) world.portal.deliverTo({ url: hook.url, secret: HOOK });
    await world.hub.work();
    const all = combinations(options.step, seed);
    const run = new Run(world, options, randomFrom(seed));
    for (const [number, knobs] of all.entries()) {
      world.portal.set(knobs);
      await run.phase(
        Math.round(((number + 1) * reports) / all.length),
        Math.round(((number + 1) * options.answers) / all.length),
      );
      if (number % 20 === 0)
        options.say?.(`${profile}: ${number + 1} of ${all.length} combinations, ${run.filed.length} reports`);
    }
    world.portal.set({});
    await run.finish();
    const counted = await run.count();
    return { profile, seconds: Math.round((Date.now() - began) / 1_000), combinations: all.length, ...counted };
  } finally {
    await world.portal.close();
    await hook?.close();
    await world.hub.close();
  }
}

class Run {
  readonly filed: Report[] = [];
  readonly words: { report: Report; text: string }[] = [];
  #queued: string[] = [];
  #answered = new Set<string>();
  #world: PortalHub;
  #options: TroubleOptions;
  #random: () => number;

  constructor(world: PortalHub, options: TroubleOptions, random: () => number) {
    this.#world = world;
    this.#options = options;
    this.#random = random;
  }

  get #portal(): Portal {
    return this.#world.portal;
  }

  get #db() {
    return this.#world.hub.deps.db;
  }

  objectOf = (report: Report): string => (this.#options.profile === 'laporgub' ? ticketOf(report) : report.id);

  /** Until so many reports were filed and so many answers are on their way, as far as there is something to answer. */
  async phase(reports: number, answers: number): Promise<void> {
    while (this.filed.length < reports) {
      const number = this.filed.length;
      this.filed.push(
        this.#portal.file({
          judul: `Laporan ${number}`,
          isi: `Lampu jalan mati di gang ${number} & sekitarnya`,
          anonim: number % 7 === 0,
        }),
      );
      if (number % 2 === 0) this.#happen();
    }
    await poll(this.#world.hub.deps, this.#world.channelId);
    await this.#answer(answers);
    await sleep(5);
  }

  /** Something happens to a report that stands there already. */
  #happen(): void {
    const report = this.filed[Math.floor(this.#random() * this.filed.length)];
    if (!report || report.status === 'dicabut') return;
    const what = this.#random();
    if (what < 0.35) {
      const text = `Masih belum beres (${this.words.length})`;
      this.#portal.world.reply(report, text);
      this.words.push({ report, text });
    } else if (what < 0.65) this.#portal.world.setStatus(report, 'diproses');
    else if (what < 0.8) this.#portal.world.edit(report, `${report.isi}, sudah seminggu`);
    else if (what < 0.9) this.#portal.world.setStatus(report, 'selesai');
    else if (what < 0.95 && !this.#answered.has(this.objectOf(report))) this.#portal.world.withdraw(report);
  }

  async #answer(wanted: number): Promise<void> {
    if (this.#options.profile === 'laporgub' || this.#queued.length >= wanted) return;
    const rows = await this.#db
      .selectFrom('message')
      .innerJoin('complaint', 'complaint.opening_message_id', 'message.id')
      .select(['complaint.id', 'message.object_id'])
      .where('message.channel_id', '=', this.#world.channelId)
      .where('message.deleted_at', 'is', null)
      .orderBy('complaint.id', 'desc')
      .limit(60)
      .execute();
    for (const { id, object_id } of rows) {
      if (this.#queued.length >= wanted) return;
      if (this.#answered.has(object_id)) continue;
      this.#answered.add(object_id);
      this.#queued.push(...(await queueAnswers(this.#world.hub, [id], `Sudah kami tangani, laporan ${object_id}.`)));
    }
  }

  /** The knobs are back: what waits for its time is not waited for. */
  async finish(): Promise<void> {
    await this.#portal.delivered();
    let calm = 0;
    for (let rounds = 0; rounds < 400 && calm < 3; rounds++) {
      await this.#db
        .updateTable('publication')
        .set({ next_at: new Date() })
        .where('state', 'in', ['queued', 'uncertain'])
        .execute();
      await this.#db.updateTable('channel_state').set({ publish_not_before: null }).execute();
      for (const stage of ['publish', 'reconcile', 'normalise'] as const)
        void this.#world.hub.deps.wake(stage, this.#world.channelId);
      await poll(this.#world.hub.deps, this.#world.channelId);
      await this.#answer(this.#options.answers);
      await sleep(250);
      calm = (await this.#isCalm()) ? calm + 1 : 0;
    }
  }

  async #isCalm(): Promise<boolean> {
    const open = await this.#db
      .selectFrom('publication')
      .select('id')
      .where('state', 'in', ['queued', 'sending', 'uncertain'])
      .where('needs_person', '=', false)
      .limit(1)
      .executeTakeFirst();
    const waiting = await this.#db
      .selectFrom('source_item')
      .select('id')
      .where('outcome', 'in', ['waiting', 'pending'])
      .limit(1)
      .executeTakeFirst();
    const outbox = await this.#db
      .selectFrom('outbox')
      .select('id')
      .where('done_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    const asked = this.#options.profile === 'laporgub' ? 0 : this.#options.answers;
    return !open && !waiting && !outbox && this.#queued.length >= asked;
  }

  async count() {
    const messages = await this.#db
      .selectFrom('message')
      .selectAll()
      .where('channel_id', '=', this.#world.channelId)
      .execute();
    const byObject = Map.groupBy(
      messages.filter((one) => one.direction === 'in'),
      (one) => one.object_id,
    );
    const complaints = new Map(
      (await this.#db.selectFrom('complaint').selectAll().execute()).map((row) => [row.id, row]),
    );
    const publications = await this.#db.selectFrom('publication').selectAll().where('kind', '=', 'answer').execute();
    const { answers, doubled } = this.#portal.published();
    const stands = new Set(answers.map(({ report, id }) => `${report}/${id}`));
    const published = publications.filter((row) => row.state === 'published');
    const proven = new Set([
      ...published.map((row) => row.published_id),
      ...publications.filter((row) => row.needs_person).map((row) => row.text),
    ]);
    const standing = this.filed.filter((report) => report.status !== 'dicabut');
    const different = this.filed.filter((report) => {
      const message = byObject.get(this.objectOf(report))?.[0];
      const complaint = message && complaints.get(message.complaint_id);
      if (!message || !complaint) return false;
      const sameStatus = complaint.source_status?.code === shownOf(this.#options.profile, report.status);
      const sameWords = report.status === 'dicabut' ? message.deleted_at !== null : message.text === report.isi;
      return !sameStatus || !sameWords;
    });
    const open = publications.filter(
      (row) => !['published', 'refused', 'cancelled'].includes(row.state) && !row.needs_person,
    );
    const quarantined = await this.#db
      .selectFrom('source_item')
      .select('id')
      .where('outcome', '=', 'quarantined')
      .execute();
    const texts = new Map(messages.map((one) => [one.text, one]));
    return {
      reports: this.filed.length,
      lost: this.filed.filter((report) => !byObject.has(this.objectOf(report))).length,
      doubled: complaints.size - this.filed.length,
      different: different.length,
      lostWords: this.words.filter(
        ({ report, text }) => standing.includes(report) && texts.get(text)?.direction !== 'in',
      ).length,
      answers: publications.length,
      published: published.length,
      withPerson: publications.filter((row) => row.needs_person).length,
      doubledAnswers: doubled.length,
      falselyPublished: published.filter((row) => !stands.has(row.published_id ?? '')).length,
      unnoticed: answers.filter(({ report, id, isi }) => !proven.has(`${report}/${id}`) && !proven.has(isi)).length,
      unsettled: open.length,
      quarantined: quarantined.length,
    };
  }
}

const NAMES: Record<Profile, Readonly<Record<string, string>>> = { generik: {}, sp4n, laporbup, laporgub };
const shownOf = (profile: Profile, status: string): string => NAMES[profile][status] ?? status;

/** Nothing lost, nothing doubled, nothing claimed that is not so, and the same state on both sides. */
export const isSound = (one: TroubleResult): boolean =>
  one.lost +
    Math.abs(one.doubled) +
    one.different +
    one.lostWords +
    one.doubledAnswers +
    one.falselyPublished +
    one.unnoticed +
    one.unsettled +
    one.quarantined ===
  0;
