import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium, which the set-up of the tests looks for. It asks nobody outside. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}
