import { readFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { EXAMPLES } from './money-examples.ts';

export const MONEY_FILE = new URL('../../docs/money.md', import.meta.url);

const BLOCK = /<!-- example: (\w+) -->[\s\S]*?<!-- end -->/g;

/** docs/money.md as it stands, with every figure computed anew by the code that moves the money. */
export async function renderMoney(): Promise<string> {
  const text = await readFile(MONEY_FILE, 'utf8');
  const filled = text.replace(BLOCK, (_block, name: string) => {
    const example = EXAMPLES[name];
    if (example === undefined) throw new Error(`docs/money.md wants an example that there is not: ${name}`);
    return `<!-- example: ${name} -->\n\n${example()}\n\n<!-- end -->`;
  });
  const config = await resolveConfig(MONEY_FILE);
  return format(filled, { ...config, parser: 'markdown' });
}
