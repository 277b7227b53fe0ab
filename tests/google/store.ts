import { channelStore } from '../../src/store/channelValues.ts';
import type { TestHub } from '../helpers/hub.ts';

/** What the channel's adapter keeps. */
export const storeOf = ({ deps }: TestHub) => channelStore(deps.db, deps.keyring, 'gr');
