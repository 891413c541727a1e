import { createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import type { ContentCoding, SubscriptionContext } from './pipeline.ts';

export const identityCoding: ContentCoding = {};

/** `gzip`, `br` or `deflate`, flushed after each frame. */
export function compressed(name: 'gzip' | 'br' | 'deflate'): ContentCoding {
  const encoder = name === 'gzip' ? createGzip() : name === 'br' ? createBrotliCompress() : createDeflate();
  return { name, encoder, flushEachFrame: true };
}

/** The first of `preferred` that Accept-Encoding offers without `q=0`; identity otherwise (RFC 9110 §12.5.3). */
export function negotiatedCoding(
  ctx: SubscriptionContext,
  preferred: readonly ('gzip' | 'br' | 'deflate')[] = ['br', 'gzip', 'deflate'],
): ContentCoding {
  const offered = new Set<string>();
  for (const part of String(ctx.request.headers['accept-encoding'] ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) offered.add(name);
  }
  const chosen = preferred.find((name) => offered.has(name));
  return chosen ? compressed(chosen) : identityCoding;
}
