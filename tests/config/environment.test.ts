import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';

describe('the environment', () => {
  it('has a default for everything; an empty variable is one that is not set', () => {
    expect(readEnvironment({ PORT: '', DATABASE_URL: '' })).toEqual({
      configDir: './config',
      dataDir: './data',
      host: '127.0.0.1',
      port: 3_000,
      logLevel: 'info',
      secret: expect.any(Function),
    });
  });

  it('is taken where it is set', () => {
    const env = {
      PORT: '0',
      DATABASE_URL: 'postgres://a:b@c/d',
      REDIS_URL: 'redis://r:6379',
      KANAL_PUBLIC_URL: 'https://aduan.go.id/',
    };
    expect(readEnvironment(env)).toMatchObject({
      port: 0,
      databaseUrl: env.DATABASE_URL,
      redisUrl: env.REDIS_URL,
      publicUrl: 'https://aduan.go.id',
    });
  });

  it('says everything that is wrong at once, and shows no value', () => {
    const read = () => readEnvironment({ PORT: '70000', DATABASE_URL: 'mysql://u:sandi@h/d', KANAL_LOG_LEVEL: 'loud' });
    expect(read).toThrow(/PORT must be.*|DATABASE_URL must be/);
    for (const name of ['PORT', 'DATABASE_URL', 'KANAL_LOG_LEVEL']) expect(read).toThrow(`${name} must be`);
    expect(read).not.toThrow(/sandi/);
  });

  it('gives secrets of channels by name, and never the keys of the hub itself', () => {
    const { secret } = readEnvironment({
      TOKEN: 't',
      EMPTY: '',
      KANAL_MASTER_KEY: 'k',
      DATABASE_URL: 'postgres://a:b@c/d',
    });
    expect(['TOKEN', 'EMPTY', 'NONE', 'KANAL_MASTER_KEY', 'DATABASE_URL'].map(secret)).toEqual([
      't',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
