import { describe, expect, it } from 'vitest';
import { createLog, type LogLevel } from '../../src/platform/log.ts';

function logged(level: LogLevel = 'debug') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, destination: { write: (line) => void lines.push(line) } }) };
}

describe('log', () => {
  it('writes JSON lines with the fields of its parents', () => {
    const { lines, log } = logged();
    log.child({ channel: 'lapor' }).info({ items: 2 }, 'polled');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', channel: 'lapor', items: 2, msg: 'polled' });
  });

  it('shows a registered secret nowhere: message, fields, errors, children, addresses', () => {
    const secret = 'p"a/ss wörd\n+1';
    const { lines, log } = logged();
    const child = log.child({ a: 1 });
    log.scrub(secret);
    const error = new Error(`refused ${secret}`, { cause: new Error(secret) });
    child.error({ err: error, deep: { [secret]: [secret] } }, `with ${secret}`);
    child.warn({ error, url: `http://x/?k=${encodeURIComponent(secret)}` }, 'again');
    const text = lines.join('');
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), 'wörd'])
      expect(text).not.toContain(form);
    expect(text.match(/\[secret\]/g)?.length).toBeGreaterThan(5);
    for (const line of lines) JSON.parse(line);
    expect(log.scrubText(`t ${secret}`)).toBe('t [secret]');
  });

  it('replaces the longer of two secrets first, and leaves very short values alone', () => {
    const { log } = logged();
    for (const value of ['abcd', 'abcd-efgh', 'x']) log.scrub(value);
    expect(log.scrubText('abcd-efgh x')).toBe('[secret] x');
  });

  it('takes only the known parts of an error, and obeys the level', () => {
    const { lines, log } = logged('warn');
    log.info({}, 'no');
    log.warn({ err: Object.assign(new Error('boom'), { code: 'E1', config: { headers: 'isi' } }) }, 'yes');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('isi');
    expect(JSON.parse(lines[0] ?? '').err).toMatchObject({ type: 'Error', message: 'boom', code: 'E1' });
  });
});
