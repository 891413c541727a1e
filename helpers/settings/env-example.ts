import { OPTION_GROUPS, OPTIONS, type Option } from './options.ts';

/** The text of `.env.example`: every setting with its meaning, commented out. */
export function envExample(): string {
  const groups = OPTION_GROUPS.map((group) => {
    const rows = OPTIONS.filter((option) => option.group === group).map(entry);
    return `## ${group}\n\n${rows.join('\n\n')}`;
  });
  return `${HEAD}\n${groups.join('\n\n')}\n`;
}

const HEAD = `# Settings of npm run certify. Copy to .env and uncomment what you need. Flags and the environment go before this file.
# Each has a flag: WORDS_BASE_URL is --base-url. A switch is 1 or 0.
`;

function entry({ name, meaning, fallback, example }: Option): string {
  return `${wrapped(meaning)}\n#${name}=${fallback ?? example}`;
}

function wrapped(text: string, width = 118): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length + 3 > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `# ${line}`).join('\n');
}
