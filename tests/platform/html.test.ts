import { describe, expect, it } from 'vitest';
import { cleanHtml } from '../../src/platform/html.ts';

describe('HTML from outside', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src="https://pelacak.example/1.gif">',
    '<p style="background:url(https://pelacak.example/2.gif)">x</p>',
    '<iframe src="https://pelacak.example"></iframe>',
    '<svg onload="alert(1)"><use href="https://pelacak.example"></svg>',
    '<link rel="stylesheet" href="https://pelacak.example/3.css">',
    '<video poster="https://pelacak.example/4.jpg" src="https://pelacak.example/5.mp4"></video>',
    '<form action="https://pelacak.example"><input name="x"></form>',
    '<base href="https://pelacak.example/">',
    '<meta http-equiv="refresh" content="0;url=https://pelacak.example">',
  ])('loads and runs nothing: %s', (html) => {
    expect(cleanHtml(html)).not.toMatch(
      /pelacak|alert|on\w+=|style=|<(script|img|iframe|svg|link|form|input|base|meta)/i,
    );
  });

  it.each(['javascript:alert(1)', 'JaVa\tScript:alert(1)', 'data:text/html,x', '//pelacak.example/x', 'vbscript:x'])(
    'follows no link to %s',
    (href) => {
      expect(cleanHtml(`<a href="${href}">klik</a>`)).not.toMatch(/href/);
    },
  );

  it('keeps what people wrote, and marks links as strange', () => {
    const clean = cleanHtml('<p>Jalan <b>rusak</b> <a href="https://contoh.example/x" onclick="y()">peta</a></p>');
    expect(clean).toBe(
      '<p>Jalan <b>rusak</b> <a href="https://contoh.example/x" target="_blank" rel="noopener noreferrer nofollow">peta</a></p>',
    );
  });

  it('reads a hostile depth of nesting', () => {
    expect(cleanHtml(`${'<b>'.repeat(100_000)}isi`).length).toBeLessThan(100_000);
  });
});
