import { abilities, SURFACES } from '#contract';
import type { Channel } from '../../config/load.ts';
import { channelAgencies } from '../../core/access.ts';
import { adviceOf } from '../../core/advice.ts';
import { HEALTH_LABELS } from '../../core/labels.ts';
import { mustBeAbleHub, pause, pollNow, replay, resume } from '../../flows/desk/channels.ts';
import { toldOf } from '../../store/alarms.ts';
import { channelStates, waitingCounts } from '../../store/channels.ts';
import type { ChannelState } from '../../store/schema.ts';
import type { ApiDeps } from '../deps.ts';
import { gone, ok, problems } from '../schemas/common.ts';
import {
  type ChannelView,
  channelId,
  channelList,
  pauseBody,
  replayBody,
  replayed,
  resumeBody,
} from '../schemas/hub.ts';
import type { TypedApp } from '../typed.ts';
import { iso } from '../views/publication.ts';

const about = (summary: string) => ({ tags: ['Channels'], summary });
const done = { 204: gone.meta({ description: 'Done' }), ...problems };

/** Health, abilities and work of the channels. */
export async function channelRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  app.get(
    '/channels',
    {
      schema: {
        ...about('Every channel, its health and what it can do'),
        response: { 200: ok('All', channelList), ...problems },
      },
    },
    async (request) => {
      mustBeAbleHub(request.actor, 'channels');
      const agencies = channelAgencies(request.actor);
      const items = await listChannels(deps);
      return { items: items.filter((one) => !agencies || !one.agency || agencies.includes(one.agency)) };
    },
  );
  app.post(
    '/channels/:id/poll',
    { schema: { ...about('Ask the platform now'), params: channelId, response: done } },
    async (request, reply) => {
      await pollNow(deps, request.actor, request.params.id);
      return reply.code(204).send();
    },
  );
  app.post(
    '/channels/:id/pause',
    { schema: { ...about('Fetch nothing and send nothing'), params: channelId, body: pauseBody, response: done } },
    async (request, reply) => {
      await pause(deps, request.actor, request.params.id, request.body.reason);
      return reply.code(204).send();
    },
  );
  app.post(
    '/channels/:id/resume',
    { schema: { ...about('Go on, also after new credentials'), params: channelId, body: resumeBody, response: done } },
    async (request, reply) => {
      await resume(deps, request.actor, request.params.id, request.body.reason);
      return reply.code(204).send();
    },
  );
  app.post(
    '/channels/:id/replay',
    {
      schema: {
        ...about('Read again what came in a time range'),
        description: 'What is in the register already stays as it is.',
        params: channelId,
        body: replayBody,
        response: { 200: ok('How much waits again', replayed), ...problems },
      },
    },
    async (request) => {
      const range = { from: new Date(request.body.from), to: new Date(request.body.to) };
      return replay(deps, request.actor, request.params.id, range);
    },
  );
}

async function listChannels(deps: ApiDeps): Promise<ChannelView[]> {
  const [states, counts, told] = await Promise.all([channelStates(deps.db), waitingCounts(deps.db), toldOf(deps.db)]);
  const byId = new Map(states.map((state) => [state.channel_id, state]));
  const { channels, broken } = deps.config;
  const views = [
    ...channels.map((channel) => channelView(deps, channel, byId.get(channel.id))),
    ...broken.map((one) => brokenView(one.id, one.faults, byId.get(one.id))),
  ];
  const whoKnows = (id: string) =>
    told.flatMap(({ channelId, ...one }) => (channelId === id ? [{ ...one, at: iso(one.at) }] : []));
  return views
    .map((view) => ({ ...view, ...counts.get(view.id), health: { ...view.health, told: whoKnows(view.id) } }))
    .sort((a, b) => a.id.localeCompare(b.id));
}

function channelView(deps: ApiDeps, channel: Channel, state: ChannelState | undefined): ChannelView {
  const adapter = deps.adapters[channel.adapter];
  const health = state?.health ?? 'ok';
  return {
    ...stateView(state),
    id: channel.id,
    label: channel.label,
    adapter: channel.adapter,
    account: channel.account,
    agency: channel.agency ?? null,
    unit: channel.unit ?? null,
    enabled: channel.enabled,
    mode: channel.mode,
    abilities: adapter ? abilities(adapter) : [],
    surfaces: channel.mode === 'assisted' ? [...SURFACES] : [...(adapter?.publish?.surfaces ?? [])],
    privateSurfaces: [...(adapter?.publish?.privately?.surfaces ?? [])],
    health: {
      state: health,
      label: HEALTH_LABELS[health],
      since: iso(state?.health_since ?? null),
      reason: state?.health_reason ?? null,
      advice: adviceOf(health, { id: channel.id, connects: adapter?.connect !== undefined }) || null,
      told: [],
    },
  };
}

/** A file that cannot be read stops its own channel only; here it says why. */
function brokenView(id: string, faults: readonly { message: string }[], state: ChannelState | undefined): ChannelView {
  return {
    ...stateView(state),
    ...{ id, label: id, adapter: null, account: null, agency: null, unit: null, enabled: false, mode: null },
    ...{ abilities: [], surfaces: [], privateSurfaces: [] },
    health: {
      state: 'misconfigured',
      label: HEALTH_LABELS.misconfigured,
      since: null,
      reason: faults.map((fault) => fault.message).join('; '),
      advice: adviceOf('misconfigured', { id, connects: false }),
      told: [],
    },
  };
}

const stateView = (state: ChannelState | undefined) => ({
  paused: state?.paused_at != null,
  lastItemAt: iso(state?.last_item_at ?? null),
  polledAt: iso(state?.polled_at ?? null),
  pollError: state?.poll_error ?? null,
  credentialsExpireAt: iso(state?.credentials_expire_at ?? null),
  certificateExpiresAt: iso(state?.certificate_expires_at ?? null),
  warnings: state?.warnings ?? [],
  queued: 0,
  quarantined: 0,
});
