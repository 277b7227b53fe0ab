import { ChannelError, type Door, type defineAdapter } from '#contract';

type Publish = NonNullable<Parameters<typeof defineAdapter<Door>>[0]['publish']>;

const MIB = 1024 ** 2;

/**
 * An answer stands on the status page as soon as the register says that it is published: there is nothing to ask and
 * nothing that could be sent twice.
 */
export const publish = {
  maxChars: 10_000,
  surfaces: ['form'],
  attachments: { maxCount: 5, maxBytes: 10 * MIB, mimes: ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] },
  idempotency: 'native',
  here: true,
  async send({ key, ticketNo, text }, { settings }) {
    if (text.length > 10_000)
      throw new ChannelError('refused', 'Website: the answer is longer than 10,000 characters', { reason: 'content' });
    const page = `${settings.address.replace(/\/+$/, '')}/lacak`;
    return { publishedId: key, permalink: ticketNo ? `${page}/${ticketNo}` : page };
  },
} satisfies Publish;
