/** Writes the figures of docs/money.md. Usage: npm run money */
import { writeFile } from 'node:fs/promises';
import { MONEY_FILE, renderMoney } from './contract/money-document.ts';

await writeFile(MONEY_FILE, await renderMoney());
