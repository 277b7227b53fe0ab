/** Starts the embedded PostgreSQL on the data directory named by the first argument, and says where in one line of JSON. */
import { startPostgres } from '../../../src/platform/postgres/index.ts';

const [dataDir = '', then] = process.argv.slice(2);
const { url, port, adopted, stop } = await startPostgres(dataDir);
process.stdout.write(`${JSON.stringify({ url, port, adopted })}\n`);
if (then === 'stop') await stop();
