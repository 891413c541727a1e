import { recordAt } from './support.ts';

// A process of its own that records until it is killed, and prints how many words it has heard.
const [baseUrl = '', journalPath = ''] = process.argv.slice(2);
let printed = -1;
await recordAt(
  baseUrl,
  { speed: 1 },
  {
    journalPath,
    onProgress: ({ words }) => {
      if (words > printed) process.stdout.write(`${words}\n`);
      printed = words;
    },
  },
);
