import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { operationsOf, toFileText, type ApiDocument } from '../../scripts/contract/api-document.ts';
import { currentApiDocument, OPENAPI_FILE } from '../../scripts/contract/current-document.ts';
import { renderPostmanFiles } from '../../scripts/contract/postman-files.ts';
import { errorCodes } from '../../src/errors/index.ts';

/** Codes that no route promises. */
const OUTSIDE_ROUTES = new Set([
  // Answered before a route is found.
  'route_not_found',
  'bad_request',
  // The translator's last word on a unique index that no service speaks for.
  'already_exists',
  // Told to operators; the order is placed all the same, and its client secret comes later.
  'payment_provider_unavailable',
]);

let document: ApiDocument;

beforeAll(() => {
  document = currentApiDocument();
});

describe('docs/api', () => {
  it('openapi.json is what the routes say (else: npm run openapi)', async () => {
    expect(await readFile(OPENAPI_FILE, 'utf8')).toBe(toFileText(document));
  });

  it('the Postman files are what the document says (else: npm run postman)', async () => {
    for (const { file, text } of await renderPostmanFiles(document)) {
      expect(await readFile(file, 'utf8'), file.pathname).toBe(text);
    }
  });

  it('the Postman files come out the same twice', async () => {
    expect(await renderPostmanFiles(document)).toEqual(await renderPostmanFiles(document));
  });
});

describe('the document', () => {
  it('describes each operation', () => {
    const bare = operationsOf(document).filter(({ operation }) => operation.tags.length !== 1 || !operation.summary);
    expect(bare.map(({ operation }) => operation.operationId)).toEqual([]);
  });

  it('shows each error code of the registry with an example', () => {
    const shown = new Set(operationsOf(document).flatMap(({ operation }) => exampleNames(operation.responses)));
    const missing = Object.keys(errorCodes).filter((code) => !shown.has(code) && !OUTSIDE_ROUTES.has(code));
    expect(missing).toEqual([]);
  });
});

function exampleNames(responses: ApiDocument['paths'][string][string]['responses']): string[] {
  return Object.values(responses)
    .flatMap(({ content }) => Object.values(content ?? {}))
    .flatMap(({ examples }) => Object.keys(examples ?? {}));
}
