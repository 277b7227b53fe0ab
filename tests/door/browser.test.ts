import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openChromium } from '../helpers/chromium.ts';
import { answer, answerFile, step } from './answers.ts';
import { type TestDoor, testDoor } from './helper.ts';

let door: TestDoor;
let browser: Browser;
let origin: string;
let axe: string;
/** Named by DOOR_SHOTS, the pictures stay for people to look at. */
let shots: string;
beforeAll(async () => {
  [door, browser, axe, shots] = await Promise.all([
    testDoor({ settings: { required: ['name'] } }),
    openChromium(),
    readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
    process.env.DOOR_SHOTS ?? mkdtemp(join(tmpdir(), 'kanal-door-')),
  ]);
  await door.app.listen({ host: '127.0.0.1', port: 0 });
  origin = `http://127.0.0.1:${(door.app.server.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  await browser.close();
  await door.close();
  if (!process.env.DOOR_SHOTS) await rm(shots, { recursive: true, force: true });
});

/** Everything that pages of this context ask for. */
function watched(context: BrowserContext): string[] {
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  return asked;
}

const SIZES = { 'ponsel-320': 320, 'ponsel-390': 390, desktop: 1_280 } as const;
const weights: Record<string, number> = {};

/** Fits every screen, is light enough for a slow line, and is fit for people who cannot see it. */
async function look(page: Page, name: string): Promise<void> {
  for (const [size, width] of Object.entries(SIZES)) {
    await page.setViewportSize({ width, height: 720 });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth'), `${name}, ${size}`).toBe(width);
    await page.screenshot({ path: join(shots, `${name}-${size}.png`), fullPage: true });
  }
  weights[name] = Buffer.byteLength(await page.content());
  await page.evaluate(axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    `axe.run({ runOnly: ${JSON.stringify(tags)} })`,
  );
  expect(
    violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]),
    name,
  ).toEqual([]);
}

it('a citizen without JavaScript complains, reads the answer, writes more and withdraws', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'id-ID' });
  const asked = watched(context);
  const page = await context.newPage();
  await page.goto(`${origin}/lapor`);
  await page.getByRole('textbox', { name: 'Isi aduan' }).fill('Jembatan di Desa Karangsari retak.\nSejak banjir.');
  door.wait(10_000);
  await page.getByRole('button', { name: 'Kirim aduan' }).click();
  expect(await page.evaluate('document.activeElement.className')).toBe('galat');
  await page.getByRole('link', { name: 'Tuliskan nama Anda.' }).click();
  await page.getByRole('textbox', { name: 'Nama' }).fill('Siti Aminah');
  const picture = sharp({ create: { width: 3_000, height: 2_000, channels: 3, background: '#753' } });
  const photo = { name: 'IMG_Siti.jpg', mimeType: 'image/jpeg', buffer: await picture.jpeg().toBuffer() };
  await page.getByLabel('Pilih foto atau PDF').setInputFiles(photo);
  await page.getByRole('button', { name: 'Kirim aduan' }).click();
  await page.waitForURL(/tanda-terima/);
  const [ticketNo = '', code = ''] = await page.locator('.nomor').allInnerTexts();
  await page.getByRole('link', { name: 'Lihat status aduan' }).click();
  await page.getByText('Sejak banjir.').waitFor();
  await page.getByRole('link', { name: 'foto-1.jpg' }).waitFor();
  await page.getByRole('button', { name: 'Tutup aduan ini' }).click();

  const file = await answerFile(door, ticketNo, 'jembatan.jpg', Buffer.from('gambar'));
  await answer(door, ticketNo, { text: 'Jembatan diperbaiki besok pagi.', attachmentIds: [file] });
  await step(door, ticketNo, 'answered');
  await page.goto(`${origin}/lacak`);
  await page.getByLabel('Nomor tiket').fill(ticketNo.toLowerCase().replaceAll('-', ''));
  await page.getByLabel('Kode akses').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Lihat aduan' }).click();
  await page.getByText('Jembatan diperbaiki besok pagi.').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'jembatan.jpg' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toBe('gambar');
  await page.getByRole('textbox', { name: 'Pesan Anda' }).fill('Terima kasih, tetapi retaknya bertambah.');
  door.wait(10_000);
  await page.getByRole('button', { name: 'Kirim pesan' }).click();
  await page.getByText('retaknya bertambah').waitFor();
  await step(door, ticketNo, 'in_progress');
  await page.reload();
  await page.locator('summary').click();
  await page.getByLabel('Ya, saya mencabut aduan ini').check();
  await page.getByRole('button', { name: 'Cabut aduan' }).click();
  await page.locator('.status', { hasText: 'Dicabut' }).waitFor();
  expect(asked.filter((url) => !url.startsWith(origin))).toEqual([]);
  expect(asked.filter((url) => url.includes(code))).toEqual([]);
  await context.close();
}, 30_000);

it('every page fits, is light, asks nobody else, and has nothing that shuts people out', async () => {
  const context = await browser.newContext({ locale: 'id-ID' });
  const asked = watched(context);
  const page = await context.newPage();
  await page.goto(`${origin}/lapor`);
  await look(page, 'lapor');
  await page.getByLabel('Saya melapor tanpa nama').check();
  expect(await page.getByRole('textbox', { name: 'Nama' }).isVisible()).toBe(false);
  await look(page, 'lapor-anonim');
  await page.getByLabel('Nomor telepon').fill('nol delapan');
  door.wait(10_000);
  await page.getByRole('button', { name: 'Kirim aduan' }).click();
  await look(page, 'lapor-galat');
  await page.getByLabel('Nomor telepon').fill('0812-5551-2345');
  await page
    .getByRole('textbox', { name: 'Isi aduan' })
    .fill(`Lampu jalan mati di depan balai desa. ${'Gelap sekali. '.repeat(20)}`);
  door.wait(10_000);
  await page.getByRole('button', { name: 'Kirim aduan' }).click();
  await page.waitForURL(/tanda-terima/);
  await look(page, 'tanda-terima');
  const [ticketNo = ''] = await page.locator('.nomor').allInnerTexts();
  await answer(door, ticketNo, { text: 'Sudah kami terima; petugas datang hari Senin.', channelId: 'lapor' });
  await step(door, ticketNo, 'answered');
  await page.goto(`${origin}/lacak/${ticketNo}`);
  await look(page, 'lacak-di-dalam');
  await context.clearCookies();
  await page.reload();
  await look(page, 'lacak-status');
  await page.getByLabel('Kode akses').fill('2222-2222');
  await page.getByRole('button', { name: 'Buka' }).click();
  await look(page, 'lacak-salah');
  await page.goto(`${origin}/lacak`);
  await look(page, 'lacak');
  await page.goto(`${origin}/privasi`);
  await look(page, 'privasi');
  expect(asked.filter((url) => !url.startsWith(origin))).toEqual([]);
  if (process.env.DOOR_SHOTS) process.stdout.write(`${JSON.stringify(weights)}\n`);
  for (const [name, bytes] of Object.entries(weights)) expect(bytes, name).toBeLessThan(50_000);
  await context.close();
}, 30_000);
