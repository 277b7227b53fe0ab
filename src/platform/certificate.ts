import { connect } from 'node:tls';

const LIMIT_MS = 10_000;

/** When the certificate ends that answers at an https address; `null`: it could not be seen. Asks nothing else. */
export function certificateEnd(address: string): Promise<Date | null> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    // Also one that is not valid is looked at: an expired one above all.
    const socket = connect({
      host: hostname,
      port: Number(port || 443),
      servername: hostname,
      rejectUnauthorized: false,
    });
    const done = (end: Date | null) => {
      socket.destroy();
      resolve(end);
    };
    socket.setTimeout(LIMIT_MS, () => done(null));
    socket.once('error', () => done(null));
    socket.once('secureConnect', () => done(new Date(socket.getPeerCertificate().valid_to)));
  });
}
