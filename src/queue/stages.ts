/** The stages that a wake-up can name. Its subject is an endpoint (`intake`) or a channel (all others). */
export const STAGES = ['intake', 'poll', 'normalise', 'media', 'publish', 'reconcile'] as const;
export type Stage = (typeof STAGES)[number];
