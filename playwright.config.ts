import { defineConfig } from '@playwright/test';

const SELFTEST = process.argv.includes('--project=selftest') || process.env['SUITE_SELFTEST'] === '1';
if (SELFTEST) process.env['SUITE_SELFTEST'] = '1';

export default defineConfig({
  testDir: 'specs',
  fullyParallel: true,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  outputDir: 'reports/out/artifacts',
  reporter: [['list']],
  projects: [{ name: 'selftest', testDir: 'specs/selftest', workers: 2 }],
});
