import { pathToFileURL } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import { launchChromium } from '../support/chromium.ts';

export { expect };

/** Tests that open a report: in the packaged Chromium, under the page's own policy. */
export const test = base.extend<object, object>({
  browser: [
    async ({ playwright: _ }, use) => {
      const browser = await launchChromium();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
});

/** All that a page did beyond showing itself. */
export interface Misdeeds {
  readonly requests: string[];
  readonly dialogs: string[];
  readonly errors: string[];
}

/** Opens a report from disk; the list fills with whatever it loads, asks or breaks. */
export async function openReport(page: Page, path: string, fragment = ''): Promise<Misdeeds> {
  const misdeeds: Misdeeds = { requests: [], dialogs: [], errors: [] };
  const url = pathToFileURL(path).href;
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url) misdeeds.requests.push(request.url());
  });
  page.on('dialog', async (dialog) => {
    misdeeds.dialogs.push(dialog.message());
    await dialog.dismiss();
  });
  page.on('pageerror', (error) => misdeeds.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') misdeeds.errors.push(message.text());
  });
  await page.goto(url + fragment);
  return misdeeds;
}

export const NONE: Misdeeds = { requests: [], dialogs: [], errors: [] };

/** Whether anything but the background is on the canvas of this picture. */
export async function isDrawn(page: Page, figure: string): Promise<boolean> {
  // Pictures are drawn when they come near the screen.
  await page.locator(figure).scrollIntoViewIfNeeded();
  return page
    .locator(`${figure} canvas`)
    .first()
    .evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const pixels = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
      return new Set(new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0))).size > 3;
    });
}
