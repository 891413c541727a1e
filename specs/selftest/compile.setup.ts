import { test } from '@playwright/test';
import { compile } from './support/compiled-suite.ts';

test('the suite is compiled once, for all tests that start it', () => compile());
