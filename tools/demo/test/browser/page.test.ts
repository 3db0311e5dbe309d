import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from '@redlane/browser';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliProcess } from '../cli-process.js';
import { Visitor } from './visitor.js';

/** How long things may take that take seconds: processes that start anew, on a machine that has other work. */
const PATIENCE = { timeout: 60_000, interval: 50 };
const SCREENSHOT = fileURLToPath(new URL('../../docs/order-desk.png', import.meta.url));

let browser: Browser | undefined;
let desk: CliProcess | undefined;
let url: string;
let visitor: Visitor;
let reason: string | undefined;

beforeAll(async () => {
  const found = await ensureChromium();
  if ('reason' in found) {
    reason = found.reason;
    return;
  }
  // Root has no sandbox, and what is opened here is our own.
  browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'] });
  desk = new CliProcess([]);
  [url] = await desk.until(/http:\/\/127\.0\.0\.1:\d+/);
  visitor = new Visitor(url);
}, 400_000);

afterAll(async () => {
  await browser?.close();
  desk?.signal('SIGINT');
  await desk?.ended;
});

beforeEach(({ skip }) => {
  if (reason !== undefined) skip(reason);
});

/** A tab that is connected, and what went wrong in it. */
async function openPage() {
  const context = await (browser as Browser).newContext();
  const page = await context.newPage();
  const errors: Error[] = [];
  const snapshots: string[] = [];
  page.on('pageerror', (error) => errors.push(error));
  page.on('request', (request) => {
    if (request.url().endsWith('/api/snapshot')) snapshots.push(request.url());
  });
  await page.goto(url);
  await expect.poll(() => stateOf(page), PATIENCE).toBe('Live');
  await expect.poll(() => page.locator('#panel-node').textContent(), PATIENCE).toMatch(/^seen by n\d$/);
  return { context, page, errors, snapshots };
}

const stateOf = (page: Page) => page.locator('#state').textContent();
const count = (page: Page, name: string) => page.locator(`#count-${name}`).textContent();
const counts = async (page: Page) =>
  Promise.all(['placed', 'finished', 'lost', 'duplicated'].map((name) => count(page, name)));

/** `2 × Tea finished`, the newest first. */
async function ordersOf(page: Page, item = ''): Promise<string[]> {
  const rows = await page.locator('#orders > li').filter({ hasText: item }).all();
  return Promise.all(
    rows.map(async (row) => {
      const [what, status] = await Promise.all([
        row.locator('.order-item').textContent(),
        row.locator('.order-status').textContent(),
      ]);
      return `${what} ${status}`;
    }),
  );
}

/** Counts that nobody else changes. */
async function settled(page: Page): Promise<void> {
  await expect
    .poll(async () => {
      const [placed, finished] = await counts(page);
      return placed === finished;
    }, PATIENCE)
    .toBe(true);
}

describe("the order desk's page", { timeout: 240_000 }, () => {
  it('loses its network and its node, resumes, and has everything once', async () => {
    const { context, page, errors, snapshots } = await openPage();
    await page.getByLabel('Item').selectOption('Green tea');
    await page.getByLabel('Quantity').fill('2');
    await page.getByRole('button', { name: 'Place order' }).click();
    await expect.poll(() => ordersOf(page), PATIENCE).toEqual(['2 × Green tea finished']);
    await expect.poll(() => counts(page), PATIENCE).toEqual(['1', '1', '0', '0']);

    await context.setOffline(true);
    // Which node is killed is left to chance: until it was that of the page.
    const killed = async () => {
      if ((await stateOf(page)) === 'Live') await visitor.inflict('kill-node');
      return stateOf(page);
    };
    await expect.poll(killed, { ...PATIENCE, interval: 500 }).toBe('Connection lost, reconnecting');
    const elsewhere = ['a', 'b', 'c', 'd', 'e'];
    for (const item of elsewhere) await visitor.placeOrder(item);
    await visitor.announce('kitchen', 'said while the page was away');
    await expect.poll(async () => (await visitor.snapshot()).totals.finished, PATIENCE).toBe(6);
    expect(await ordersOf(page)).toEqual(['2 × Green tea finished']);
    expect(await counts(page)).toEqual(['1', '1', '0', '0']);

    await context.setOffline(false);
    await expect.poll(() => stateOf(page), PATIENCE).toBe('Live');
    const all = [...elsewhere.reverse().map((item) => `1 × ${item} finished`), '2 × Green tea finished'];
    await expect.poll(() => ordersOf(page), PATIENCE).toEqual(all);
    await expect.poll(() => counts(page), PATIENCE).toEqual(['6', '6', '0', '0']);
    await expect
      .poll(() => page.locator('#announcements .label').allTextContents(), PATIENCE)
      .toEqual(expect.arrayContaining(['sync', 'pattern']));
    expect(await page.getByText('said while the page was away').count()).toBe(2);
    expect(await page.locator('#page-counts').textContent()).toMatch(/ [1-9]\d* events, 0 of them twice\.$/);
    // It has resumed: nothing was asked for anew.
    expect(snapshots).toHaveLength(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('keeps orders while a person is offline, and sends them afterwards', async () => {
    const { context, page, errors } = await openPage();
    await settled(page);
    const [before] = await counts(page);
    await page.getByRole('button', { name: 'Go offline' }).click();
    await expect.poll(() => stateOf(page)).toBe('Offline');
    await page.getByRole('button', { name: 'Place 20' }).click();
    await expect.poll(() => page.locator('#pending').textContent()).toBe('20 on their way to the desk');
    expect((await visitor.snapshot()).totals.placed).toBe(Number(before));

    await page.getByRole('button', { name: 'Go online' }).click();
    const after = `${Number(before) + 20}`;
    await expect.poll(() => counts(page), PATIENCE).toEqual([after, after, '0', '0']);
    expect(await page.locator('#pending').textContent()).toBe('');
    expect(await page.locator('#page-counts').textContent()).toContain(' 0 of them twice');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('shows what others write as text, never as HTML', async () => {
    const { context, page, errors } = await openPage();
    const item = '<img src="x" onerror="throw new Error(1)">';
    await visitor.placeOrder(item);
    await expect
      .poll(() => ordersOf(page, 'onerror'), PATIENCE)
      .toEqual([expect.stringContaining(`1 × ${item}`)]);
    await page.getByLabel('Text').fill(item);
    await page.getByRole('button', { name: 'Announce' }).click();
    await expect.poll(() => page.locator('#announcements').textContent(), PATIENCE).toContain(item);
    expect(await page.locator('img').count()).toBe(0);
    expect(errors).toEqual([]);
    await settled(page);
    await context.close();
  });

  it('fits on phones and desktops, light and dark, and says what its buttons have done', async () => {
    const { context, page, errors } = await openPage();
    await page.getByRole('button', { name: 'Kill a worker' }).click();
    await expect.poll(() => page.locator('#faults').textContent(), PATIENCE).toMatch(/kill-worker.*w\d/);
    await page.getByRole('button', { name: 'Place 20' }).click();
    await expect.poll(() => page.locator('[data-status="cooking"]').count(), PATIENCE).toBeGreaterThan(2);
    await keepScreenshot(page);
    const backgrounds: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [320, 390, 768, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const [overflow, background] = await page.evaluate<[number, string]>(
          '[document.documentElement.scrollWidth - innerWidth, getComputedStyle(document.body).backgroundColor]',
        );
        expect(overflow, `${colorScheme}, ${width} px`).toBeLessThanOrEqual(0);
        backgrounds.push(background);
      }
    }
    const [light = '', dark = ''] = new Set(backgrounds);
    expect(backgrounds).toEqual([...Array(4).fill(light), ...Array(4).fill(dark)]);
    expect(dark).not.toBe('');
    await settled(page);
    expect((await counts(page)).slice(2)).toEqual(['0', '0']);
    expect(errors).toEqual([]);
    await context.close();
  });
});

/** For the README, when REDLANE_SCREENSHOT asks for it: tests leave the repository as it is. */
async function keepScreenshot(page: Page): Promise<void> {
  const { REDLANE_SCREENSHOT } = process.env;
  if (!REDLANE_SCREENSHOT) return;
  await expect.poll(() => page.locator('#pending').textContent(), PATIENCE).toBe('');
  await page.setViewportSize({ width: 1280, height: 880 });
  await page.evaluate('scrollTo(0, 0)');
  const image = await page.screenshot();
  expect(image.length).toBeLessThanOrEqual(200_000);
  await mkdir(path.dirname(SCREENSHOT), { recursive: true });
  await writeFile(SCREENSHOT, image);
}
