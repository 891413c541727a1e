/** Imports run one way; see the picture in CONTRIBUTING.md. */
const BELOW = (part) => `^helpers/${part}/`;
const rule = (name, comment, from, to) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A circle has no bottom: nothing in it can be understood alone.',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    rule(
      'recording-is-the-bottom',
      'A recording is data: it knows nothing of how it is read, judged or made.',
      BELOW('recording'),
      '^(helpers/(transcript|judging|results|probes|http|settings|reference|mutants|evidence|cli|tools|contract/(?!types))|specs|reports)',
    ),
    rule(
      'transcript-reads-recordings-only',
      'Reading bytes must not depend on what is judged about them.',
      BELOW('transcript'),
      '^(helpers/(judging|results|probes|http|settings|reference|mutants|evidence|cli|tools)|specs|reports)',
    ),
    rule(
      'contract-stands-beside',
      'The contract and its requirements know nothing of probes or checks.',
      BELOW('contract'),
      '^(helpers/(judging|checks|probes|http|settings|reference|mutants|evidence|cli|tools|transcript/(?!transcript))|specs|reports)',
    ),
    rule(
      'judging-stands-below-the-checks',
      'Analysis that checks share stands below all of them.',
      BELOW('judging'),
      '^(helpers/(checks|results|probes|http|settings|reference|mutants|evidence|cli|tools)|specs|reports|node_modules/(undici|fastify))',
    ),
    rule(
      'checks-are-pure',
      'A check sees evidence: no target, no server, no results.',
      '^(helpers/checks|specs/(?!selftest)[^/]+)/',
      '^(helpers/(results|probes|http|settings|reference|mutants|evidence|cli|tools)|reports|node_modules/(undici|fastify))',
    ),
    {
      name: 'checks-do-no-io',
      severity: 'error',
      comment: 'No clock, no network, no files: the same recording gives the same judgement.',
      from: { path: '^(helpers/(checks|judging|transcript)|specs/(?!selftest)[^/]+)/' },
      to: {
        path: '^(node:)?(fs|fs/promises|http|https|net|tls|child_process|dns|timers|timers/promises)$',
        dependencyTypes: ['core'],
      },
    },
    rule(
      'reference-knows-no-checks',
      'The reference server must not be written towards the checks, nor they towards it.',
      BELOW('reference'),
      '^(helpers/(judging|checks|transcript|probes|http|results|contract|recording|mutants|settings|evidence|cli|tools)|specs|reports)',
    ),
    rule(
      'probes-do-not-judge',
      'Talking to the target and judging what it said are two separate things.',
      '^helpers/(probes|http|settings)/',
      '^(helpers/(judging|checks|results|reference|mutants|evidence|cli|tools)|specs|reports)',
    ),
    {
      name: 'playwright-stays-on-top',
      severity: 'error',
      comment: 'Everything below helpers/test.ts runs without Playwright.',
      from: { path: '^helpers/', pathNot: '^helpers/test\\.ts$' },
      to: { path: 'node_modules/(@playwright|playwright)' },
    },
    {
      name: 'specs-import-test-only',
      severity: 'error',
      comment: 'A spec of the contract shows its rules: helpers/test.ts and the rules of its area are all it imports.',
      from: { path: '^specs/[^/]+\\.spec\\.ts$' },
      to: { pathNot: '^(helpers/test\\.ts|specs/[^/]+/index\\.ts)$' },
    },
    rule(
      'only-the-composition-root-knows-the-rules',
      'Whoever judges is given the checks.',
      '^helpers/(?!cli/checks\\.ts)',
      '^specs/',
    ),
    {
      name: 'no-dev-dependency-in-the-product',
      severity: 'error',
      comment: 'A run must work with the dependencies alone.',
      from: { path: '^(helpers|reports)/', pathNot: '\\.d\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^reports/out/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
