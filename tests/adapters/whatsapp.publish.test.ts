import { afterEach, describe, expect, it } from 'vitest';
import { ChannelError, type Reply, rulesOf } from '#contract';
import { WHATSAPP_ERRORS } from '../../adapters/whatsapp/errors.ts';
import whatsapp from '../../adapters/whatsapp/index.ts';
import { inOneLine } from '../../adapters/whatsapp/template.ts';
import { type Bench, KIT_NOW, onBench } from '../kit/context.ts';
import { file, reply } from '../kit/samples.ts';
import type { WireAnswer } from '../kit/wire.ts';
import { graphError } from './meta/signing.ts';
import { whatsappHarness } from './whatsapp.harness.ts';
import { NUMBER, type whatsappPlatform } from './whatsapp.platform.ts';

type Sent = Record<string, unknown>;
let answer: WireAnswer | null = null;
afterEach(() => {
  answer = null;
});
/** The platform of the kit, which answers a send with `answer` when a test sets one. */
const harness = {
  ...whatsappHarness,
  platform: (state: Parameters<NonNullable<typeof whatsappHarness.platform>>[0]) => {
    const standing = whatsappHarness.platform!(state);
    return (request: Parameters<typeof standing>[0]) =>
      answer && request.path.endsWith('/messages') ? answer : standing(request);
  },
};

const hoursAgo = (hours: number) => new Date(KIT_NOW.getTime() - hours * 3_600_000).toISOString();
const replyTo = (ref: Record<string, string>, about: Partial<Reply> = {}): Reply => {
  const plain = reply(about, 'message');
  return { ...plain, target: { ...plain.target, objectId: 'wamid.IN1', ref: { at: hoursAgo(1), ...ref } } };
};
const withBench = <T>(work: (bench: Bench) => Promise<T>) =>
  new Promise<T>((resolve, reject) =>
    onBench(whatsapp, harness, async (bench) => resolve(await work(bench))).catch(reject),
  );

/** What was asked of the platform to send this. */
async function sent(one: Reply): Promise<Sent> {
  return withBench(async ({ wire, ctx }) => {
    await whatsapp.publish!.send(one, ctx);
    const request = wire.requests.find(({ path }) => path.endsWith(`/${NUMBER}/messages`));
    return JSON.parse(request!.body.toString()) as Sent;
  });
}

async function failure(one: Reply): Promise<ChannelError> {
  return withBench(({ ctx }) =>
    whatsapp.publish!.send(one, ctx).then(
      () => Promise.reject(new Error('was sent')),
      (error: unknown) => (error instanceof ChannelError ? error : Promise.reject(error)),
    ),
  );
}

describe('a message within the window', () => {
  it('quotes the citizen, goes to the number it came from, and carries our key', async () => {
    expect(await sent(replyTo({ to: '6281255512345', user: 'ID.9' }))).toEqual({
      ...{ messaging_product: 'whatsapp', recipient_type: 'individual', to: '6281255512345', type: 'text' },
      ...{ context: { message_id: 'wamid.IN1' }, biz_opaque_callback_data: 'kit-key-1' },
      text: { body: reply().text, preview_url: false },
    });
  });

  it('goes to the id of a person without a number, and to a group as a whole', async () => {
    const toPerson = await sent(replyTo({ user: 'ID.9' }));
    expect(toPerson).toMatchObject({ recipient: 'ID.9' });
    expect(toPerson).not.toHaveProperty('to');
    expect(await sent(replyTo({ group: '12@g.us' }))).toMatchObject({ recipient_type: 'group', to: '12@g.us' });
  });

  it.each([
    ['image/png', 8, { type: 'image', image: { id: 'upload-1', caption: 'Sudah selesai.' } }],
    ['image/png', 6 * 1024 ** 2, { type: 'document', document: { id: 'upload-1', filename: 'bukti.png' } }],
    ['video/mp4', 8, { type: 'video', video: { id: 'upload-1' } }],
    ['application/pdf', 8, { type: 'document', document: { id: 'upload-1', filename: 'bukti.png' } }],
  ])('carries %s of %i bytes', async (mime, size, expected) => {
    expect(
      await sent(replyTo({ to: '62812' }, { text: 'Sudah selesai.', files: [{ ...file, mime, size }] })),
    ).toMatchObject(expected);
  });

  it('refuses a caption that is too long before it uploads anything', async () => {
    await withBench(async ({ wire, ctx }) => {
      const long = replyTo({ to: '62812' }, { text: 'x'.repeat(1_025), files: [file] });
      await expect(whatsapp.publish!.send(long, ctx)).rejects.toMatchObject({ kind: 'refused', reason: 'content' });
      expect(wire.requests).toEqual([]);
    });
  });
});

describe('after the window', () => {
  const late = { to: '6281255512345', at: hoursAgo(23.8) };

  it('the template goes out, its paragraphs in one line', async () => {
    const text = 'Sudah kami perbaiki.\n\nTerima kasih.';
    expect(await sent(replyTo(late, { text }))).toMatchObject({
      type: 'template',
      template: {
        ...{ name: 'jawaban_aduan', language: { code: 'id' } },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'K7M-4QD-X2P' },
              { type: 'text', text: 'Sudah kami perbaiki. – Terima kasih.' },
            ],
          },
        ],
      },
    });
  });

  it('what the template cannot carry is refused, as drafting says before', async () => {
    expect(await failure(replyTo(late, { files: [file] }))).toMatchObject({ kind: 'refused', reason: 'content' });
    expect(await failure(replyTo(late, { text: 'x'.repeat(901) }))).toMatchObject({
      kind: 'refused',
      reason: 'content',
    });
    const settings = whatsapp.settings.parse(whatsappHarness.settings('http://127.0.0.1'));
    const rules = rulesOf(whatsapp, { surface: 'message', settings })!;
    expect(rules.afterWindow).toMatchObject({ maxChars: 900 });
    expect(rules.afterWindow?.measure?.('a\nb')).toBe(inOneLine('a\nb').length);
  });

  it('nothing goes out where no template is configured', async () => {
    const without = {
      ...harness,
      settings: (origin: string) => ({ ...harness.settings(origin), answerTemplate: undefined }),
    };
    await onBench(whatsapp, without, async ({ wire, ctx }) => {
      await expect(whatsapp.publish!.send(replyTo(late), ctx)).rejects.toMatchObject({
        kind: 'refused',
        reason: 'window',
      });
      expect(wire.requests).toEqual([]);
    });
  });
});

describe('what Meta answers', () => {
  const KINDS: Record<string, string> = {
    limit: 'throttled',
    spam: 'throttled',
    auth: 'auth',
    doubt: 'retry',
    later: 'retry',
  };
  it.each(Object.entries(WHATSAPP_ERRORS))('%s', async (name, [meaning]) => {
    const [code, subcode] = name.split('/').map(Number);
    answer = graphError(400, code!, subcode);
    const error = await failure(replyTo({ to: '62812' }, { attempt: 2 }));
    const expected = KINDS[meaning] ?? 'refused';
    expect(error.kind).toBe(expected);
    if (expected === 'refused') expect(error.reason).toBe(meaning);
    if (meaning === 'doubt') expect(error.nothingSent).toBe(false);
  });

  it('a closed window that should be open is tried once more', async () => {
    answer = graphError(400, 131_047);
    expect(await failure(replyTo({ to: '62812' }))).toMatchObject({ kind: 'retry', nothingSent: true });
    expect(await failure(replyTo({ to: '62812' }, { attempt: 2 }))).toMatchObject({
      kind: 'refused',
      reason: 'window',
    });
  });

  it.each([
    [1, 4_000],
    [3, 64_000],
    [9, 256_000],
  ])('a burst to one person waits 4^n seconds: attempt %i', async (attempt, retryAfterMs) => {
    answer = graphError(400, 131_056);
    expect(await failure(replyTo({ to: '62812' }, { attempt }))).toMatchObject({ kind: 'throttled', retryAfterMs });
  });

  it('an upload that breaks has published nothing', async () => {
    const broken = {
      ...harness,
      platform: (state: Parameters<typeof whatsappPlatform>[0]) => {
        const standing = harness.platform(state);
        return (request: Parameters<typeof standing>[0]): WireAnswer =>
          request.path.endsWith('/media') ? { status: 500, body: 'broken' } : (standing(request) as WireAnswer);
      },
    };
    await onBench(whatsapp, broken, async ({ ctx }) => {
      const error = await whatsapp.publish!.send(replyTo({ to: '62812' }, { files: [file] }), ctx).catch((one) => one);
      expect(error).toMatchObject({ kind: 'retry', nothingSent: true });
    });
  });
});

describe('files', () => {
  it('an address that has ended is asked for once more', async () => {
    let asked = 0;
    const ending = {
      ...harness,
      platform: (state: Parameters<typeof whatsappPlatform>[0]) => {
        const standing = harness.platform(state);
        return (request: Parameters<typeof standing>[0]): WireAnswer =>
          request.path.startsWith('/cdn/') && asked++ === 0
            ? { status: 404, body: '' }
            : (standing(request) as WireAnswer);
      },
    };
    await onBench(whatsapp, ending, async ({ ctx }) => {
      const fetched = await whatsapp.media!({ media: '2754859441498128' }, ctx);
      expect(fetched).toMatchObject({ mime: 'image/jpeg' });
    });
    expect(asked).toBe(2);
  });
});

describe('health', () => {
  it('lists the templates, and says when the one for answers does not fit', async () => {
    await withBench(async ({ ctx }) => {
      const health = await whatsapp.probe!(ctx);
      expect(health.detail).toContain('jawaban_aduan (id, disetujui, 2 isian)');
      expect(health.warnings).toEqual([]);
      const settings = {
        ...(ctx.settings as object),
        answerTemplate: { name: 'lain', language: 'id', parameters: [] },
      };
      expect((await whatsapp.probe!({ ...ctx, settings })).warnings).toEqual([
        expect.stringContaining('lain (id) tidak ada'),
      ]);
    });
  });
});
