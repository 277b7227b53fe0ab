import type { Door } from '#contract';
import type { Channel } from '../../config/load.ts';
import type { DeskDeps } from '../deps.ts';

/** The channel that is the citizen's own door, and what its file says of it. */
export interface OpenDoor {
  channel: Channel;
  door: Door;
}

/** The hub has one door at most, and only while its channel is enabled. */
export function openDoor({ config, adapters }: Pick<DeskDeps, 'config' | 'adapters'>): OpenDoor | undefined {
  for (const channel of config.channels) {
    const describe = channel.enabled ? adapters[channel.adapter]?.door : undefined;
    if (describe) return { channel, door: describe(channel.settings) };
  }
  return undefined;
}

/** Where citizens type a ticket number. */
export const lookUpUrl = (door: Door): string => `${door.address.replace(/\/+$/, '')}/lacak`;

/** Where citizens look up this complaint. */
export const statusUrl = (door: Door, ticketNo: string): string => `${lookUpUrl(door)}/${ticketNo}`;
