/** Renders every mail with sample data and prints where. Usage: npm run mail:preview */
import { join } from 'node:path';
import { renderAllMails } from './mail-preview/render-all.ts';

const folder = join(import.meta.dirname, '../.cache/mail-preview');
console.log(await renderAllMails(folder));
