/** Writes docs/api/openapi.json from the route contracts; the same routes make the same bytes. Usage: npm run openapi */
import { writeFile } from 'node:fs/promises';
import { toFileText } from './contract/api-document.ts';
import { currentApiDocument, OPENAPI_FILE } from './contract/current-document.ts';

await writeFile(OPENAPI_FILE, toFileText(currentApiDocument()));
