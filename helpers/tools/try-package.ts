import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { combined } from '../mutants/index.ts';
import { startReference } from '../reference/server.ts';

const run = promisify(execFile);
const KEY = 'package-key-4Vt9mQx2Zr7Lc8Wn';
const OTHER_PLAYWRIGHT = '1.60.0';

/** A project that installs the package: how its folder is called and what else stands in it. Returns where to run it. */
const PROJECTS: Readonly<Record<string, (folder: string) => string>> = {
  empty: (folder) => project(folder),
  'own Playwright config': (folder) => {
    writeFileSync(
      join(project(folder), 'playwright.config.ts'),
      "throw new Error('the project’s own config was loaded');\n",
    );
    writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "paths": { "*": ["./nowhere/*"] } } }\n');
    writeFileSync(join(folder, '.env'), 'PLAYWRIGHT_HTML_OPEN=always\nNODE_OPTIONS=--no-such-flag\n');
    return folder;
  },
  'another Playwright': (folder) => project(folder, { devDependencies: { '@playwright/test': OTHER_PLAYWRIGHT } }),
  workspace: (folder) => {
    project(folder, { workspaces: ['packages/*'] });
    return project(join(folder, 'packages', 'member'));
  },
  'read-only package': (folder) => project(folder),
  'path with spaces': (folder) => project(join(folder, 'ein Ordner mit Leerzeichen, ü')),
};

interface Cell {
  readonly node: string;
  readonly layout: string;
  /** Exit codes: on the embedded server, on a broken one, and those of the other commands that were not as wanted. */
  readonly conforming: number;
  readonly broken: number;
  readonly commands: readonly string[];
  /** Whether the package's own folder held the same after the runs. */
  readonly unchanged: boolean;
  readonly megabytes: number;
}

/** A recording of the embedded server is judged at the speed at which it was made. */
const EMBEDDED = { WORDS_SPEED: '10', WORDS_PRODUCT: 'The reference server', WORDS_PRODUCT_VERSION: '1' };

/** What is done with the two runs afterwards, and the exit code that it should have. */
const COMMANDS: readonly (readonly [exitCode: number, ...argv: string[]])[] = [
  [0, 'verify', 'submission.zip', '--trial'],
  [0, 'judge', 'reports/out/recording.har', '--out', 'judged'],
  [1, 'judge', 'broken/recording.har', '--out', 'judged'],
  [1, 'compare', 'reports/out/results.json', 'broken/results.json'],
  [0, 'list'],
  [0, 'plan'],
  [0, 'settings'],
];

function project(folder: string, more: object = {}): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', ...more }));
  return folder;
}

/** Installs the tarball as a consumer does, and certifies the embedded server and a broken one. */
async function tryIn(
  layout: string,
  node: string,
  nodePath: string,
  tarball: string,
  temporary: string,
): Promise<Cell> {
  const folder = mkdtempSync(join(temporary, 'project-'));
  const cwd = PROJECTS[layout]?.(folder) ?? project(folder);
  const env = { ...process.env, PATH: `${dirname(nodePath)}${delimiter}${process.env.PATH ?? ''}` };
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--engine-strict', tarball];
  await run('npm', install, { cwd, env });
  const { stdout } = await run('npm', ['root'], { cwd, env });
  const installed = stdout.trim();
  const size = await run('du', ['-sk', installed]);
  const readOnly = layout === 'read-only package';
  const packageFolder = join(installed, 'words-conformance');
  if (readOnly) await run('chmod', ['-R', 'a-w', packageFolder]);
  const bin = join(packageFolder, 'dist', 'helpers', 'cli', 'main.js');
  const suite = async (argv: readonly string[], settings: NodeJS.ProcessEnv = {}): Promise<number> => {
    try {
      await run(nodePath, [bin, ...argv], { cwd, env: { ...env, ...settings, CI: 'true' } });
      return 0;
    } catch (error) {
      return Number((error as { code?: unknown }).code ?? 3);
    }
  };
  const broken = await startReference({
    speed: 20,
    accounts: [{ name: 'certified', apiKeys: [KEY], bearerTokens: [] }],
    ...combined(['no-end']),
  });
  const before = await contentOf(packageFolder);
  try {
    const conforming = await suite(['certify', '--pack'], EMBEDDED);
    const brokenCode = await suite([], {
      WORDS_BASE_URL: broken.baseUrl,
      WORDS_API_KEY: KEY,
      WORDS_AVATAR_ID: 'avatar',
      WORDS_VOICE_ID: 'voice',
      WORDS_OUT: join(cwd, 'broken'),
    });
    const commands: string[] = [];
    for (const [wanted, ...argv] of COMMANDS) {
      const settings = argv.includes('broken/recording.har') ? {} : EMBEDDED;
      const code = await suite(argv, { ...settings, WORDS_PLAYWRIGHT_REPORT: '0' });
      if (code !== wanted) commands.push(`${argv.join(' ')}: exit ${code} (should be ${wanted})`);
    }
    return {
      node,
      layout,
      conforming,
      broken: brokenCode,
      commands,
      unchanged: (await contentOf(packageFolder)) === before,
      megabytes: Math.round(Number.parseInt(size.stdout, 10) / 1024),
    };
  } finally {
    await broken.close();
    if (readOnly) await run('chmod', ['-R', 'u+w', installed]);
  }
}

/** Names, sizes and times of all files in a folder. */
async function contentOf(folder: string): Promise<string> {
  const { stdout } = await run('find', [folder, '-type', 'f', '-printf', '%p %s %T@\n'], { maxBuffer: 2 ** 26 });
  return stdout;
}

/** The node of a major, from the registry's package `node`; `current`: the one that runs this. */
async function nodeOf(major: string, temporary: string): Promise<string> {
  if (major === 'current') return process.execPath;
  const folder = project(join(temporary, `node-${major}`));
  await run('npm', ['install', '--no-audit', '--no-fund', `node@${major}`], { cwd: folder });
  const path = join(folder, 'node_modules', 'node', 'bin', 'node');
  chmodSync(path, 0o755);
  return path;
}

async function pack(folder: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder]);
  const [{ filename, size }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string; size: number }];
  console.log(`${filename}: ${Math.round(size / 1024)} KB`);
  return join(folder, filename);
}

const program = new Command('npm run try-package --')
  .description('Packs the suite, installs the tarball in projects of many kinds, and certifies there.')
  .option('--node <majors>', 'With commas; current: the node that runs this.', '20,22,24')
  .option('--layout <regexp>', 'Only projects whose name matches.', '.')
  .option('--tarball <file>', 'Installs this one, and packs none.')
  .parse();
const options = program.opts<{ node: string; layout: string; tarball?: string }>();
const temporary = mkdtempSync(join(tmpdir(), 'words-package-'));
try {
  const tarball = options.tarball ?? (await pack(temporary));
  const cells: Cell[] = [];
  for (const major of options.node.split(',')) {
    const nodePath = await nodeOf(major, temporary);
    const { stdout: version } = await run(nodePath, ['--version']);
    for (const layout of Object.keys(PROJECTS).filter((name) => new RegExp(options.layout).test(name))) {
      const cell = await tryIn(layout, version.trim(), nodePath, tarball, temporary);
      cells.push(cell);
      const as = (code: number, wanted: number) => `exit ${code}${code === wanted ? '' : ` (should be ${wanted})`}`;
      console.log(
        `${cell.node.padEnd(10)} ${layout.padEnd(22)} embedded: ${as(cell.conforming, 0)}, broken: ${as(cell.broken, 1)}, ${[...cell.commands, ...(cell.unchanged ? [] : ['the package folder changed'])].join(', ') || 'commands as they should'}, ${cell.megabytes} MB installed`,
      );
    }
  }
  const isRight = ({ conforming, broken, commands, unchanged }: Cell) =>
    conforming === 0 && broken === 1 && commands.length === 0 && unchanged;
  process.exitCode = cells.length > 0 && cells.every(isRight) ? 0 : 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
