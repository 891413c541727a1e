import { readFileSync } from 'node:fs';
import { suiteDataProblems } from './data-problems.ts';

const problems = suiteDataProblems({
  changelog: readFileSync('CHANGELOG.md', 'utf8'),
  envExample: readFileSync('.env.example', 'utf8'),
  readme: readFileSync('README.md', 'utf8'),
});
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'The data of the suite fits together.' : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
