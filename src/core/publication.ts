export type PublicationAction = 'confirm' | 'retry' | 'decline' | 'cancel';

interface Standing {
  state: string;
  needs_person: boolean;
}

/**
 * What a person can do with a publication. `retry` only where the hub has given up, cannot find out any more, or was
 * refused by the platform: anything else would be a blind resend. `decline`: a person was to publish it and did not.
 */
export function publicationActions({ state, needs_person }: Standing): PublicationAction[] {
  switch (state) {
    case 'queued':
      return needs_person ? ['retry', 'cancel'] : ['cancel'];
    case 'assist':
      return ['confirm', 'decline', 'cancel'];
    case 'uncertain':
      return needs_person ? ['confirm', 'retry', 'cancel'] : ['confirm', 'cancel'];
    case 'refused':
      return ['retry', 'cancel'];
    default:
      return [];
  }
}

/** Does it wait for a person? */
export const waitsForPerson = ({ state, needs_person }: Standing): boolean =>
  needs_person || state === 'refused' || state === 'assist';
