import { malformedId, unknownStream } from '../../reference/errors.ts';
import { withErrors, withRefusals } from '../refusal-overrides.ts';
import type { Neighbour } from '../types.ts';

export const errorsNeighbours: readonly Neighbour[] = [
  {
    id: 'errors-of-two-members',
    sentence: 'Leaves param and doc_url out of its errors.',
    near: 'errors.envelope',
    stages: (defaults) => withErrors(defaults, ({ code, message }) => ({ error: { code, message } })),
  },
  {
    id: 'errors-with-documentation',
    sentence: 'Links each error to its documentation.',
    near: 'errors.doc-url',
    stages: (defaults) =>
      withErrors(defaults, (error) => ({
        error: { ...error, doc_url: `https://docs.example.com/errors#${String(error.code)}` },
      })),
  },
  {
    id: 'errors-with-more-members',
    sentence: 'Adds members to the error and beside it.',
    near: 'errors.envelope',
    stages: (defaults) =>
      withErrors(defaults, (error, { status }) => ({
        request_id: '7f3a',
        error: { ...error, status, details: [{ kind: 'hint' }] },
      })),
  },
  {
    id: 'errors-without-charset',
    sentence: 'Names application/json alone.',
    near: 'errors.media-type',
    stages: (defaults) =>
      withRefusals(defaults, (document) => ({
        ...document,
        headers: { ...document.headers, 'content-type': 'Application/JSON' },
      })),
  },
  {
    id: 'errors-printed-for-people',
    sentence: 'Prints its errors over several lines, in another language.',
    near: 'errors.message',
    stages: (defaults) =>
      withRefusals(defaults, (document) => {
        const { error } = JSON.parse(String(document.body)) as { error: object };
        return {
          ...document,
          body: `${JSON.stringify({ error: { ...error, message: 'Das ging schief: «Nein».' } }, null, 2)}\n`,
        };
      }),
  },
  {
    id: 'codes-of-its-own',
    sentence: 'Uses other codes than the examples of the contract.',
    near: 'errors.code',
    warns: ['errors.code'],
    stages: (defaults) => withErrors(defaults, (error) => ({ error: { ...error, code: `own_${String(error.code)}` } })),
  },
  {
    id: 'malformed-ids-not-found',
    sentence: 'Answers 404 to every id that names no session, however malformed.',
    near: 'errors.bad-request',
    stages: (defaults) => ({
      refuse: (refusal, request) =>
        defaults.refuse(
          refusal.reason === malformedId.reason || refusal.reason === 'malformed-request' ? unknownStream : refusal,
          request,
        ),
    }),
  },
  {
    id: 'param-named',
    sentence: 'Names stream_id as the field at fault in its 404.',
    near: 'errors.envelope',
    stages: (defaults) =>
      withErrors(defaults, (error, { status }) => ({
        error: { ...error, param: status === 404 ? 'stream_id' : null },
      })),
  },
];
