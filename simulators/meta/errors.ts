import { type Answer, json } from '../app/respond.ts';

/** An error as Graph words it. Thrown by a route; becomes its answer. */
export class GraphFailure extends Error {
  readonly code: number;
  readonly subcode: number | undefined;
  readonly status: number;
  readonly transient: boolean;

  constructor(code: number, subcode?: number, about: { status?: number; message?: string; transient?: boolean } = {}) {
    super(about.message ?? `(#${code}) refused by the simulation`);
    this.code = code;
    this.subcode = subcode;
    this.status = about.status ?? 400;
    this.transient = about.transient ?? false;
  }
}

export const gone = (): GraphFailure =>
  new GraphFailure(100, 33, { message: 'Unsupported request. Object does not exist or cannot be loaded' });
export const invalid = (message: string): GraphFailure => new GraphFailure(100, undefined, { message });

let traces = 0;

export function failureAnswer(failure: GraphFailure, headers: Record<string, string> = {}): Answer {
  const { code, subcode, message, status, transient } = failure;
  const type = code === 190 ? 'OAuthException' : 'GraphMethodException';
  traces += 1;
  const error = { message, type, code, error_subcode: subcode, is_transient: transient, fbtrace_id: `Asim${traces}` };
  return json(status, { error }, headers);
}
