import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from '@playwright/test';
import packed from '@sparticuz/chromium';

/** Starts the Chromium that comes inside an npm package: no download step, no root, no system libraries. Close it after use. */
export async function launchChromium(): Promise<Browser> {
  const folder = await unpackedChromium();
  return chromium.launch({
    executablePath: path.join(folder, 'chromium'),
    // One process for everything is for hosts without /dev/shm; there, closing one page takes the browser with it.
    args: packed.args.filter((flag) => flag !== '--single-process' && flag !== '--disable-web-security'),
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: path.join(folder, 'fonts'),
    },
  });
}

/** Unpacks beside the final place and renames, so that a second worker never runs half a browser. */
async function unpackedChromium(): Promise<string> {
  const owner = userInfo().uid;
  const folder = path.join(tmpdir(), `words-conformance-chromium-${packedVersion()}-${owner}`);
  if (!existsSync(folder)) {
    const unpacking = mkdtempSync(`${folder}-`);
    await unpackInto(unpacking);
    writeFileSync(path.join(unpacking, 'fonts', 'fonts.conf'), fontSettings(folder));
    try {
      renameSync(unpacking, folder);
    } catch (error) {
      rmSync(unpacking, { recursive: true, force: true });
      // Another worker was faster.
      if (!existsSync(folder)) throw error;
    }
  }
  // The temporary folder is everyone's: never run a program that somebody else put there.
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== owner) throw new Error(`${folder} belongs to another user; remove it`);
  return folder;
}

/** In a process of its own, because the package takes place and choice of libraries from the environment. */
async function unpackInto(folder: string): Promise<void> {
  const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: path.dirname(fileURLToPath(import.meta.url)),
    env: { PATH: process.env.PATH, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  });
}

/** The package's own settings name folders of its serverless host. System fonts come in for scripts beyond Latin. */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts/cache</cachedir>
</fontconfig>
`;
}

function packedVersion(): string {
  const entry = fileURLToPath(import.meta.resolve('@sparticuz/chromium'));
  const manifest = JSON.parse(readFileSync(path.resolve(entry, '../../../package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
