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
