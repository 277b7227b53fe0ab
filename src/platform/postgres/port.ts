import { createServer } from 'node:net';

/** The wanted port when it is free on 127.0.0.1, else one that is. */
export async function choosePort(wanted: number | undefined): Promise<number> {
  return (wanted && (await bind(wanted).catch(() => 0))) || bind(0);
}

/** Listens for a moment: the only way to know. */
function bind(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
