import type { ChannelContext } from '#contract';
import type { Settings } from './settings.ts';

export type Context = ChannelContext<Settings>;
