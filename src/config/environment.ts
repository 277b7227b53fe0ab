import { z } from 'zod';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** What the hub takes from its environment. An empty variable counts as one that is not set. */
export interface Environment {
  configDir: string;
  dataDir: string;
  /** Absent: the embedded PostgreSQL. */
  databaseUrl?: string;
  /** Absent: the queue stands in the database. */
  redisUrl?: string;
  host: string;
  port: number;
  /** The address under which citizens and platforms reach the hub; no slash at its end. */
  publicUrl?: string;
  /** Proxies that say who asks: addresses or networks. Absent: those on this machine. */
  trustProxy?: string;
  masterKey?: string;
  logLevel: (typeof LOG_LEVELS)[number];
  /** A secret of a channel or an endpoint. The hub's own variables are never given out. */
  secret(name: string): string | undefined;
}

const url = (protocol: RegExp) => z.url({ protocol }).optional();

const schema = z.object({
  KANAL_CONFIG: z.string().default('./config'),
  KANAL_DATA: z.string().default('./data'),
  DATABASE_URL: url(/^postgres(ql)?$/),
  REDIS_URL: url(/^rediss?$/),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  KANAL_PUBLIC_URL: url(/^https?$/).transform((address) => address?.replace(/\/+$/, '')),
  KANAL_TRUST_PROXY: z
    .string()
    .regex(/^[0-9a-z.:/,\s]+$/i)
    .optional(),
  KANAL_MASTER_KEY: z.string().optional(),
  KANAL_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});

const EXPECTED: Record<keyof z.input<typeof schema>, string> = {
  KANAL_CONFIG: 'a folder, such as ./config',
  KANAL_DATA: 'a folder, such as ./data',
  DATABASE_URL: 'an address such as postgres://user:password@host:5432/kanal',
  REDIS_URL: 'an address such as redis://host:6379 or rediss://host:6379',
  HOST: 'an address to listen on, such as 127.0.0.1 or 0.0.0.0',
  PORT: 'a number from 0 to 65535',
  KANAL_PUBLIC_URL: 'an address such as https://aduan.contohkab.go.id',
  KANAL_TRUST_PROXY: 'addresses or networks, such as loopback, 172.16.0.0/12',
  KANAL_MASTER_KEY: 'keyId:base64 of 32 random bytes',
  KANAL_LOG_LEVEL: `one of ${LOG_LEVELS.join(', ')}`,
};

/** The only place that reads the environment. Throws one error that names every wrong variable, never its value. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const read = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value)));
  if (!read.success) throw new Error(faultsOf(read.error));
  const { DATABASE_URL, REDIS_URL, KANAL_PUBLIC_URL, KANAL_TRUST_PROXY, KANAL_MASTER_KEY, ...rest } = read.data;
  return {
    configDir: rest.KANAL_CONFIG,
    dataDir: rest.KANAL_DATA,
    host: rest.HOST,
    port: rest.PORT,
    logLevel: rest.KANAL_LOG_LEVEL,
    ...(DATABASE_URL && { databaseUrl: DATABASE_URL }),
    ...(REDIS_URL && { redisUrl: REDIS_URL }),
    ...(KANAL_PUBLIC_URL && { publicUrl: KANAL_PUBLIC_URL }),
    ...(KANAL_TRUST_PROXY && { trustProxy: KANAL_TRUST_PROXY }),
    ...(KANAL_MASTER_KEY && { masterKey: KANAL_MASTER_KEY }),
    // A file of a channel must not be able to send the hub's own keys to a platform.
    secret: (name) => (name in EXPECTED || name.startsWith('KANAL_') ? undefined : env[name] || undefined),
  };
}

function faultsOf(error: z.ZodError): string {
  const names = new Set(error.issues.map(({ path }) => String(path[0]) as keyof typeof EXPECTED));
  const lines = [...names].map((name) => `${name} must be ${EXPECTED[name]}`);
  return `the environment is not right: ${lines.join('; ')}`;
}
