import { toFileText, type ApiDocument } from './api-document.ts';
import { postmanCollection, requestsByOperation, withStableIds } from './postman-collection.ts';
import { journeys, journeyVariables } from './journey-steps.ts';
import { journeyFolder } from './postman-journey.ts';

const FOLDER = '../../docs/api';
export const COLLECTION_FILE = new URL(`${FOLDER}/quickbite.postman_collection.json`, import.meta.url);
export const ENVIRONMENT_FILE = new URL(`${FOLDER}/quickbite.postman_environment.json`, import.meta.url);

/** The collection with the journeys as its first folders, and the environment that both read and fill. */
export async function renderPostmanFiles(document: ApiDocument): Promise<{ file: URL; text: string }[]> {
  const collection = await postmanCollection(document);
  const requests = requestsByOperation(collection, document);
  const folders = journeys.map((journey) => journeyFolder(journey, requests));
  const complete = withStableIds({ ...collection, item: [...folders, ...collection.item] });
  return [
    { file: COLLECTION_FILE, text: toFileText(complete) },
    { file: ENVIRONMENT_FILE, text: toFileText(environment()) },
  ];
}

function environment(): object {
  const values = Object.entries(journeyVariables).map(([key, value]) => ({
    key,
    value,
    type: /token|password|pin/i.test(key) ? 'secret' : 'default',
    enabled: true,
  }));
  return { name: 'QuickBite on this machine', values, _postman_variable_scope: 'environment' };
}
