import pino from 'pino';
import type { Log } from '#contract';

/** The hub's own logger: the contract's, and the registry of values that must never be shown. */
export interface AppLog extends Log {
  child(fields: Record<string, unknown>): AppLog;
  /** From now on this value is shown as `[secret]`, in every log line and by `scrubText`. */
  scrub(value: string): void;
  /** A text, such as an error's message, without any registered value. */
  scrubText(text: string): string;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LogOptions {
  level: LogLevel;
  /** Where lines of JSON go. Default: standard error, so that a command's own output stays clean. */
  destination?: { write(line: string): void };
}

const SHOWN_AS = '[secret]';
/** Replacing shorter values would spoil every line and hide nothing. */
const SHORTEST = 4;

export function createLog(options: LogOptions): AppLog {
  const registry = createRegistry();
  const logger = pino(
    {
      level: options.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError, error: serializeError },
      // On the finished line, so that no field, message or stack can be forgotten.
      hooks: { streamWrite: registry.scrubText },
    },
    options.destination ?? pino.destination(2),
  );
  return wrap(logger, registry);
}

interface Registry {
  scrub(value: string): void;
  scrubText(text: string): string;
}

function createRegistry(): Registry {
  const forms = new Set<string>();
  let longestFirst: string[] = [];
  return {
    scrub(value) {
      if (value.length < SHORTEST) return;
      const before = forms.size;
      // As it stands, inside JSON, and inside an address.
      for (const form of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]) forms.add(form);
      if (forms.size !== before) longestFirst = [...forms].sort((a, b) => b.length - a.length);
    },
    scrubText: (text) => longestFirst.reduce((clean, form) => clean.replaceAll(form, SHOWN_AS), text),
  };
}

function wrap(logger: pino.Logger, registry: Registry): AppLog {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => wrap(logger.child(fields), registry),
    ...registry,
  };
}

/** Only what helps to find the fault: an error's other properties may hold requests, headers and content. */
function serializeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const { code, kind } = error as { code?: unknown; kind?: unknown };
  return { type: name, message, code, kind, stack };
}
