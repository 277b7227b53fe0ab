import { type Browser, chromium } from 'playwright-core';
import { requireProgram } from './programs.ts';

/** Debian's Chromium; it asks nobody outside. */
export async function openChromium(): Promise<Browser> {
  requireProgram('chromium', 'chromium');
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}
