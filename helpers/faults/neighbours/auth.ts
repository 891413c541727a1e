import { notAuthenticated } from '../../reference/errors.ts';
import { withRefusals } from '../refusal-overrides.ts';
import type { Neighbour } from '../types.ts';

export const authNeighbours: readonly Neighbour[] = [
  {
    id: 'two-challenges',
    sentence: 'Offers two schemes in WWW-Authenticate.',
    near: 'auth.challenge',
    stages: (defaults) =>
      withRefusals(defaults, (document) =>
        document.status === 401
          ? {
              ...document,
              headers: {
                ...document.headers,
                'www-authenticate': 'ApiKey realm="words", Bearer error="invalid_token"',
              },
            }
          : document,
      ),
  },
  {
    id: 'no-challenge',
    sentence: 'Sends 401 without WWW-Authenticate.',
    near: 'auth.challenge',
    warns: ['auth.challenge'],
    stages: (defaults) =>
      withRefusals(defaults, (document) => {
        const headers = Object.entries(document.headers).filter(([name]) => name.toLowerCase() !== 'www-authenticate');
        return { ...document, headers: Object.fromEntries(headers) };
      }),
  },
  {
    id: 'other-account-unauthorized',
    sentence: 'Answers 401, not 404, to another account.',
    near: 'auth.isolation',
    stages: (defaults) => ({
      async find(streamId, identity, sessions) {
        const found = await defaults.find(streamId, identity, sessions);
        const stream = await sessions.get(streamId);
        return found.refused && stream ? { refused: notAuthenticated } : found;
      },
    }),
  },
  {
    id: 'other-account-forbidden',
    sentence: 'Answers 403 to another account.',
    near: 'auth.isolation',
    warns: ['auth.isolation'],
    stages: (defaults) => ({
      async find(streamId, identity, sessions) {
        const found = await defaults.find(streamId, identity, sessions);
        const stream = await sessions.get(streamId);
        const refused = { ...notAuthenticated, status: 403, code: 'forbidden', headers: {} };
        return found.refused && stream ? { refused } : found;
      },
    }),
  },
  {
    id: 'one-message-for-each-lack',
    sentence: 'Words its 401 differently for a missing and for a wrong credential.',
    near: 'auth.before-lookup',
    stages: (defaults) => ({
      refuse(refusal, request) {
        const given = request.headers['x-api-key'] ?? request.headers.authorization;
        const message = given === undefined ? 'No credential was given.' : 'The credential is not valid.';
        return defaults.refuse(refusal.status === 401 ? { ...refusal, message } : refusal, request);
      },
    }),
  },
];
