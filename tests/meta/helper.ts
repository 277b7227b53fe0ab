import { expect } from 'vitest';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import type { MetaHub } from './world.ts';

/** The message with these words, once it is there. */
export const messageWith = (world: MetaHub, text: string) =>
  eventually(() =>
    world.hub.deps.db.selectFrom('message').selectAll().where('text', '=', text).executeTakeFirstOrThrow(),
  );

export const messageOf = (world: MetaHub, objectId: string) =>
  eventually(() =>
    world.hub.deps.db.selectFrom('message').selectAll().where('object_id', '=', objectId).executeTakeFirstOrThrow(),
  );

export const complaintOf = (world: MetaHub, id: string) =>
  world.hub.deps.db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** Answers the complaint's opening message and waits until that stands. */
export async function answer(world: MetaHub, complaintId: string, text: string) {
  const [id = ''] = await queueAnswers(world.hub, [complaintId], text);
  return eventually(async () => {
    const row = await publicationOf(world.hub, id);
    expect(row.state).toBe('published');
    return row;
  });
}

export const channelState = (world: MetaHub, id: string) =>
  world.hub.deps.db.selectFrom('channel_state').selectAll().where('channel_id', '=', id).executeTakeFirstOrThrow();
