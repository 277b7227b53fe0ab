import http from 'node:http';
import https from 'node:https';
import type { Http } from '#contract';
import { createHttp } from '../../src/platform/http.ts';

/** No connection is kept for the next request: what stays open is the adapter's doing. */
const agents = { http: new http.Agent({ keepAlive: false }), https: new https.Agent({ keepAlive: false }) };

/**
 * The hub's own outgoing HTTP, for the stand-in only: an adapter that asks for another address has one that is no
 * setting. Without the hub's scrubbing of messages, so that a leak is seen.
 */
export function kitHttp(origin: string, signal: AbortSignal, deadline?: () => number): Http {
  const send = createHttp({ signal, agents, ...(deadline && { deadline }) });
  return async (request) => {
    const asked = new URL(request.url).origin;
    if (asked !== origin) throw new Error(`The adapter asked for ${asked}, which is no address of its settings`);
    return send(request);
  };
}
