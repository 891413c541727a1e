import type { Refusal, RefusalDocument, RequestContext, Stages } from '../reference/pipeline.ts';

/** `rewrite` sees the error member of each refusal of the words stream, parsed. */
export function withErrors(
  defaults: Stages,
  rewrite: (error: Record<string, unknown>, refusal: Refusal) => unknown,
): Partial<Stages> {
  return {
    refuse(refusal, request) {
      const document = defaults.refuse(refusal, request);
      const { error } = JSON.parse(String(document.body)) as { error: Record<string, unknown> };
      return { ...document, body: JSON.stringify(rewrite(error, refusal)) };
    },
  };
}

/** `rewrite` sees each refusal as it would be answered. */
export function withRefusals(
  defaults: Stages,
  rewrite: (document: RefusalDocument, refusal: Refusal, request: RequestContext) => RefusalDocument,
): Partial<Stages> {
  return { refuse: (refusal, request) => rewrite(defaults.refuse(refusal, request), refusal, request) };
}
