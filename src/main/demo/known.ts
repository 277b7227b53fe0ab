import { readFile, rename, rm } from 'node:fs/promises';
import { writeSynced } from '../../platform/createOnce.ts';
import type { NetworkUrls } from './networks.ts';

/** `demo.json`: what other programs need in order to use the demo that runs. */
export interface DemoFile {
  url: string;
  docsUrl: string;
  appUrl: string;
  /** The citizens' mail, as plain text. */
  mailUrl: string;
  /** Facebook, Instagram and WhatsApp, as citizens see them. */
  socialUrl: string;
  /** Lapor Bupati and SP4N-LAPOR!, as citizens see them. */
  portalUrl: string;
  sp4nUrl: string;
  /** Google reviews, YouTube, X and TikTok, as citizens see them. */
  networks: NetworkUrls;
  /** Of the officer at the desk. */
  apiKey: string;
  /** Of the second person, who approves. */
  approverKey: string;
  /** The complaint that the lines are about. */
  complaintId: string;
  /** The lines that were printed. */
  curl: string[];
  pid: number;
  appPid: number;
  mailPid: number;
  socialPid: number;
  portalPid: number;
  networksPid: number;
}

/**
 * What an earlier start wrote: its keys and the application's address are used again. The file is taken away, so that
 * whoever waits for it does not find the old one.
 */
export async function readKnown(file: string): Promise<Partial<DemoFile>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  await rm(file, { force: true });
  try {
    return JSON.parse(text) as Partial<DemoFile>;
  } catch {
    return {};
  }
}

/** Mode 0600, and never half of it. */
export async function writeDemoFile(file: string, content: DemoFile): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await rm(draft, { force: true });
  await writeSynced(draft, `${JSON.stringify(content, null, 2)}\n`);
  await rename(draft, file);
}
