import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, version as esbuildVersion } from 'esbuild';
import { writeWhole } from '../../helpers/write-file.ts';

/** The page's only script and style, each with the source expression that a content security policy names it by. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
  readonly scriptHash: string;
  readonly styleHash: string;
}

const SOURCES = fileURLToPath(new URL('./browser/', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache', 'words-conformance-report');

let prepared: Promise<PageAssets> | undefined;

/**
 * Bundles the browser side, or takes the bundle of the same sources from the cache. Called early in a run, it costs the
 * report no time at the end. Later calls give the same result.
 */
export function prepareAssets(): Promise<PageAssets> {
  prepared ??= load();
  return prepared;
}

async function load(): Promise<PageAssets> {
  const cached = join(CACHE, `${await fingerprint()}.json`);
  const bundle = (await fromCache(cached)) ?? (await toCache(cached, await bundled()));
  return { ...bundle, scriptHash: sourceHash(bundle.script), styleHash: sourceHash(bundle.style) };
}

type Bundle = Pick<PageAssets, 'script' | 'style'>;

async function bundled(): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [join(SOURCES, 'main.ts'), join(SOURCES, 'report.css')],
    outdir: 'unwritten',
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  });
  const text = (extension: string) => outputFiles.find((file) => file.path.endsWith(extension))?.text ?? '';
  // `</script` inside a string literal of the bundle would close the element that it is put into.
  return { script: text('.js').replaceAll('</script', '<\\/script'), style: text('.css') };
}

/** Changes with every source, and with the libraries that are bundled. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(esbuildVersion).update(process.version);
  const names = (await readdir(SOURCES)).sort();
  const files = [
    ...names.map((name) => join(SOURCES, name)),
    join(ROOT, 'reports', 'page', 'chart-data.ts'),
    join(ROOT, 'node_modules', 'echarts', 'package.json'),
  ];
  for (const content of await Promise.all(files.map((file) => readFile(file)))) hash.update(content);
  return hash.digest('hex').slice(0, 32);
}

async function fromCache(path: string): Promise<Bundle | undefined> {
  try {
    const { script, style } = JSON.parse(await readFile(path, 'utf8')) as Partial<Bundle>;
    return script && style ? { script, style } : undefined;
  } catch {
    return undefined;
  }
}

async function toCache(path: string, bundle: Bundle): Promise<Bundle> {
  try {
    writeWhole(path, [JSON.stringify(bundle)]);
  } catch {
    // A read-only installation bundles each time.
  }
  return bundle;
}

/** CSP level 3 §2.3.1, hash-source. */
function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
