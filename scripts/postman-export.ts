/** Writes the Postman collection and environment in docs/api from the API document. Usage: npm run postman */
import { writeFile } from 'node:fs/promises';
import { currentApiDocument } from './contract/current-document.ts';
import { renderPostmanFiles } from './contract/postman-files.ts';

for (const { file, text } of await renderPostmanFiles(currentApiDocument())) await writeFile(file, text);
