import { expect, test } from '@playwright/test';
import { XMLValidator } from 'fast-xml-parser';
import pc from 'picocolors';
import { gatherEvidence } from '../../../helpers/judging/evidence.ts';
import { buildResults } from '../../../helpers/results/build-results.ts';
import { errorResults } from '../../../helpers/results/error-results.ts';
import type { Results } from '../../../helpers/results/results.ts';
import { mistakeLine } from '../../../helpers/settings/mistakes.ts';
import { junitXml } from '../../../reports/junit.ts';
import { summaryLines } from '../../../reports/summary-lines.ts';
import { buildRecording, buildSubscription } from '../support/recordings.ts';
import { contract, requirements } from '../support/reports.ts';
import { judged } from '../support/runs.ts';

const NASTY = [
  '##[stop-commands]x',
  '##[add-mask]x',
  '##[set-output name=a;]b',
  '##vso[task.complete result=Succeeded;]',
  "##teamcity[buildStatus status='SUCCESS']",
  '::stop-commands::x',
  '  ::set-output name=a::b',
  '\u2003::add-mask::x',
  '\ufffe\uffff\u0000\u001b[31m\ud800]]>&<"\'',
  '\n::error::forged',
  '\r\n##[error]forged',
];

/** By the rules of the runners: ActionCommand.TryParseV2 and TryParse of actions/runner; logging commands of Azure and TeamCity. */
function isCommand(line: string): boolean {
  return /^\s*::/.test(line) || /##\w*\[/.test(line);
}

function hostileResults(text: string): Results {
  const exchange = buildSubscription(
    'first',
    `event: ${text.replace(/[\r\n]/g, ' ')}\ndata: ${JSON.stringify(text)}\n\ndata: ${JSON.stringify({ words: [{ word: text, start: text, end: 1 }], [text]: 1 })}\n\n`,
  );
  const recording = buildRecording([
    { ...exchange, id: text, request: { ...exchange.request, url: `http://target.test/${text}` } },
  ]);
  return buildResults(judged(recording), gatherEvidence(recording, contract, requirements));
}

for (const text of NASTY) {
  test(`no line of a run under CI is a command, and junit.xml is well-formed, where a target says ${JSON.stringify(text)}`, () => {
    const now = '2026-11-27T00:00:00.000Z';
    const suite = { name: 'words-conformance', version: '0.1.0' };
    const error = errorResults({ reason: text, remedy: text, suite, baseUrl: text, startedAt: now, finishedAt: now });
    for (const results of [hostileResults(text), error]) {
      const lines = summaryLines(results, { colors: pc.createColors(false), out: '/out', cwd: '/' });
      expect(lines.flatMap((line) => line.split(/[\r\n]/)).filter(isCommand)).toEqual([]);
      const xml = junitXml(results);
      expect(XMLValidator.validate(xml)).toBe(true);
      expect(xml).not.toMatch(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
    }
    const mistake = mistakeLine({ name: 'WORDS_SESSION', value: text, message: 'is no value', remedy: 'Give one.' });
    expect(mistake.split('\n').filter(isCommand)).toEqual([]);
  });
}
