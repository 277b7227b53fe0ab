import { z } from 'zod';
import { HEALTH } from '../../store/schema.ts';
import {
  cursor,
  EXAMPLE,
  givenInstant,
  id,
  instant,
  limit,
  many,
  nextCursor,
  optionalReason,
  queryInstant,
} from './common.ts';

export const channel = z
  .strictObject({
    id: z.string(),
    label: z.string(),
    adapter: z.string().nullable().meta({ description: 'null: its file could not be read' }),
    account: z.string().nullable(),
    agency: z.string().nullable(),
    unit: z.string().nullable(),
    enabled: z.boolean(),
    mode: z
      .enum(['automatic', 'assisted'])
      .nullable()
      .meta({ description: '`assisted`: people enter what came and publish what goes out' }),
    paused: z.boolean(),
    abilities: z.array(z.string()).meta({ description: 'What the adapter can do' }),
    surfaces: z.array(z.string()).meta({ description: 'Where it can answer' }),
    privateSurfaces: z.array(z.string()).meta({ description: 'Public ones that it can also answer in private, once' }),
    health: z.strictObject({
      state: z.enum(HEALTH),
      label: z.string(),
      since: instant.nullable(),
      reason: z.string().nullable().meta({ description: 'The evidence' }),
      advice: z.string().nullable().meta({ description: 'What a person should do, in Indonesian' }),
      told: z
        .array(z.strictObject({ who: z.string(), at: instant.nullable(), reason: z.string().nullable() }))
        .meta({ description: 'Who was told of it; `at` null: not yet, or it failed for this reason' }),
    }),
    lastItemAt: instant.nullable(),
    polledAt: instant.nullable(),
    pollError: z.string().nullable(),
    credentialsExpireAt: instant.nullable(),
    certificateExpiresAt: instant.nullable(),
    warnings: z.array(z.string()).meta({ description: 'What somebody should see to before it breaks, in Indonesian' }),
    queued: z.int().meta({ description: 'Publications on their way' }),
    quarantined: z.int().meta({ description: 'Items that could not be read' }),
  })
  .meta({
    id: 'Channel',
    examples: [
      {
        id: 'fb-pemkab',
        label: 'Facebook Pemkab',
        adapter: 'facebook',
        account: '1234567890',
        agency: null,
        unit: null,
        enabled: true,
        mode: 'automatic',
        paused: false,
        abilities: ['receive', 'poll', 'publish', 'reconcile'],
        surfaces: ['comment', 'message'],
        privateSurfaces: ['comment'],
        health: { state: 'ok', label: 'Normal', since: EXAMPLE.at, reason: null, advice: null, told: [] },
        lastItemAt: EXAMPLE.at,
        polledAt: EXAMPLE.at,
        pollError: null,
        certificateExpiresAt: null,
        credentialsExpireAt: null,
        warnings: [],
        queued: 0,
        quarantined: 0,
      },
    ],
  });
export const channelList = z
  .strictObject({ items: z.array(channel) })
  .meta({ id: 'ChannelList', examples: [{ items: [] }] });

export const channelId = z.object({
  id: z
    .string()
    .max(100)
    .meta({ examples: ['fb-pemkab'] }),
});
export const pauseBody = z
  .strictObject({ reason: optionalReason })
  .meta({ id: 'Pause', examples: [{ reason: 'Token sedang diganti' }] });
export const resumeBody = z.strictObject({ reason: optionalReason }).meta({ id: 'Resume', examples: [{}] });
export const replayBody = z
  .strictObject({ from: givenInstant, to: givenInstant })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { message: '"from" must lie before "to"', path: ['to'] })
  .meta({ id: 'Replay', examples: [{ from: '2026-11-24T00:00:00+07:00', to: '2026-11-25T00:00:00+07:00' }] });
export const replayed = z
  .strictObject({ deliveries: z.int(), items: z.int() })
  .meta({ id: 'Replayed', examples: [{ deliveries: 3, items: 12 }] });

export const quarantineQuery = z.strictObject({ channel: z.string().max(100).optional(), cursor, limit: limit() });
export const quarantinePage = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id,
        kind: z.enum(['delivery', 'item']),
        subject: z.string().meta({ description: 'The endpoint of a delivery, the channel of an item' }),
        reason: z.string().nullable(),
        tries: z.int(),
        bytes: z.int(),
        receivedAt: instant,
      }),
    ),
    nextCursor,
  })
  .meta({
    id: 'QuarantinePage',
    examples: [
      {
        items: [
          {
            id: EXAMPLE.item,
            kind: 'item',
            subject: 'fb-pemkab',
            reason: 'the event has no text',
            tries: 1,
            bytes: 512,
            receivedAt: EXAMPLE.at,
          },
        ],
        nextCursor: null,
      },
    ],
  });

export const eventQuery = z.strictObject({
  complaint: id.optional(),
  type: many(z.string().max(100)),
  actor: z.string().max(100).optional().meta({ description: '`user:<id>`, `channel:<id>` or `hub`' }),
  from: queryInstant.optional(),
  to: queryInstant.optional(),
  cursor,
  limit: limit(),
});
export const eventPage = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id,
        complaint: id.nullable().meta({ description: 'null: of the hub itself' }),
        seq: z.int(),
        at: instant,
        actor: z.string(),
        type: z.string(),
        data: z.unknown().meta({ description: 'Ids, codes and hashes' }),
        reason: z.string().nullable(),
        hash: z.string().meta({ description: 'SHA-256 of the chain up to here, hex' }),
      }),
    ),
    nextCursor,
  })
  .meta({
    id: 'EventPage',
    examples: [
      {
        items: [
          {
            id: EXAMPLE.event,
            complaint: EXAMPLE.complaint,
            seq: 2,
            at: EXAMPLE.at,
            actor: `user:${EXAMPLE.user}`,
            type: 'complaint.accepted',
            data: { from: 'new', to: 'received' },
            reason: null,
            hash: 'a3f1c0de',
          },
        ],
        nextCursor: null,
      },
    ],
  });

export const accessQuery = z.strictObject({ complaint: id.optional(), cursor, limit: limit() });
export const accessPage = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id,
        at: instant,
        user: z.strictObject({ id, name: z.string() }),
        complaint: id,
        what: z.string(),
      }),
    ),
    nextCursor,
  })
  .meta({
    id: 'AccessPage',
    examples: [
      {
        items: [
          {
            id: EXAMPLE.event,
            at: EXAMPLE.at,
            user: { id: EXAMPLE.user, name: 'Siti Rahayu' },
            complaint: EXAMPLE.complaint,
            what: 'contact',
          },
        ],
        nextCursor: null,
      },
    ],
  });

export const health = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health', examples: [{ status: 'ok' }] });
export const readiness = z
  .strictObject({ ready: z.boolean(), checks: z.record(z.string(), z.string()) })
  .meta({ id: 'Readiness', examples: [{ ready: true, checks: { database: 'ok', queue: 'ok' } }] });

export type ChannelView = z.infer<typeof channel>;
