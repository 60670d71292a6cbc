import { apiDocument } from '../../src/routes.ts';
import type { ApiDocument } from './api-document.ts';

/** Where the committed files say the API is: the documented default, whatever the environment of the writer. */
const DOCUMENTED_URL = 'http://127.0.0.1:5000';

export const OPENAPI_FILE = new URL('../../docs/api/openapi.json', import.meta.url);

/** The API document of the routes as they stand, as plain JSON. */
export function currentApiDocument(): ApiDocument {
  return JSON.parse(JSON.stringify(apiDocument(DOCUMENTED_URL))) as ApiDocument;
}
