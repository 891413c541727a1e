import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);
/** What decides a judgement. Tests, pages for readers and reports do not. */
const SOURCES = ['helpers', 'specs', 'openapi'];
const BESIDE_IT = /^specs\/(selftest|guide)\//;

let digest: string | undefined;

/** SHA-256 over paths and contents of this suite's own files: two copies that judge by the same code and data have the same. */
export function suiteDigest(): string {
  digest ??= computed();
  return digest;
}

function computed(): string {
  const hash = createHash('sha256');
  const files = SOURCES.filter((folder) => existsSync(new URL(folder, ROOT))).flatMap((folder) =>
    readdirSync(fileURLToPath(new URL(folder, ROOT)), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(fileURLToPath(ROOT).length).replaceAll('\\', '/')),
  );
  for (const file of files.filter((path) => !BESIDE_IT.test(path)).sort())
    hash.update(`${file}\0`).update(sha256(readFileSync(new URL(encodeURI(file), ROOT))));
  return hash.digest('hex');
}

/** Hexadecimal. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
