import { createHash } from 'node:crypto';
import converter from 'openapi-to-postmanv2';
import { operationsOf, type ApiDocument } from './api-document.ts';
import { withExamples } from './example-of.ts';
import {
  isFolder,
  type Collection,
  type CollectionEntry,
  type CollectionEvent,
  type ExampleAnswer,
  type RequestItem,
} from './postman-types.ts';

const OPTIONS = {
  folderStrategy: 'Tags',
  requestNameSource: 'Fallback',
  parametersResolution: 'Example',
  enableOptionalParameters: false,
  includeAuthInfoInExample: false,
  optimizeConversion: false,
  stackLimit: 50,
} as const;

/** Requests whose answer signs somebody in; the requests after them use that token. */
const SIGN_IN = new Set([
  'signUp',
  'logIn',
  'refresh',
  'logInWithCode',
  'verifySecondFactor',
  'confirmSecondFactor',
  'exchangeSocialCode',
  'changePassword',
]);

/** The API as a Postman collection: a folder per tag, the same bytes for the same document. */
export async function postmanCollection(document: ApiDocument): Promise<Collection> {
  const collection = { ...(await convert(withExamples(document))), event: [keepSession] };
  const operationIds = operationIdsOf(document);
  for (const item of requestItems(collection.item)) {
    const operationId = operationIds.get(routeKey(item));
    if (operationId !== undefined && SIGN_IN.has(operationId)) item.event = [rememberTokens];
    // A new key at each click; the documented example would replay the first answer for ever.
    for (const header of item.request.header ?? []) if (header.key === 'Idempotency-Key') header.value = '{{$guid}}';
    item.response = (item.response ?? []).filter(isTelling).map(withoutRequest);
  }
  return collection;
}

/** Finds the converted request of an operation, to be copied into a folder that plays a story. */
export function requestsByOperation(collection: Collection, document: ApiDocument): Map<string, RequestItem> {
  const operationIds = operationIdsOf(document);
  return new Map(requestItems(collection.item).map((item) => [operationIds.get(routeKey(item)) ?? '', item]));
}

/** Replaces the converter's random ids by ones that follow from the place in the collection. */
export function withStableIds(collection: Collection): Collection {
  const info = { ...collection.info, _postman_id: stableId(collection.info.name) };
  return { ...collection, info, item: collection.item.map((entry) => identify(entry, 'root')) };
}

export function script(listen: CollectionEvent['listen'], lines: readonly string[]): CollectionEvent {
  return { listen, script: { type: 'text/javascript', exec: [...lines] } };
}

const rememberTokens = script('test', [
  'if (pm.response.code < 300) {',
  '  const answer = pm.response.json();',
  "  pm.environment.set('bearerToken', answer.accessToken);",
  "  pm.environment.set('refreshToken', answer.refreshToken);",
  "  const deviceToken = pm.response.headers.get('X-Device-Token');",
  "  if (deviceToken) pm.environment.set('deviceToken', deviceToken);",
  '}',
]);

/** Before every request of the collection: a token that ends within half a minute is changed first; a known device says so. */
const keepSession = script('prerequest', [
  "const isAuth = pm.request.url.getPath().includes('/auth/');",
  "const deviceToken = pm.environment.get('deviceToken');",
  "if (isAuth && deviceToken) pm.request.headers.upsert({ key: 'X-Device-Token', value: deviceToken });",
  "const [, payload] = (pm.environment.get('bearerToken') || '').split('.');",
  "const refreshToken = pm.environment.get('refreshToken');",
  'if (!isAuth && payload && refreshToken) {',
  "  const { exp } = JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/')));",
  '  if (exp * 1000 < Date.now() + 30000) {',
  '    pm.sendRequest({',
  "      url: pm.environment.get('baseUrl') + '/auth/refresh',",
  "      method: 'POST',",
  "      header: { 'Content-Type': 'application/json' },",
  "      body: { mode: 'raw', raw: JSON.stringify({ refreshToken }) },",
  '    }, (error, response) => {',
  '      if (error || response.code !== 200) return;',
  "      pm.environment.set('bearerToken', response.json().accessToken);",
  "      pm.environment.set('refreshToken', response.json().refreshToken);",
  '    });',
  '  }',
  '}',
]);

function convert(document: ApiDocument): Promise<Collection> {
  return new Promise((resolve, reject) => {
    converter.convertV2({ type: 'json', data: document }, OPTIONS, (error, result) => {
      const converted = result?.output?.[0]?.data;
      if (error === null && converted !== undefined) resolve(converted as Collection);
      else reject(new Error(`the converter refused the document: ${error?.message ?? result?.reason ?? 'no reason'}`));
    });
  });
}

/** Limits and faults (429, 5xx) look the same at every route. */
function isTelling({ code = 0 }: ExampleAnswer): boolean {
  return code < 429;
}

/** A copy of the request in every example answer triples the file and tells nothing. */
function withoutRequest({ originalRequest: _, ...answer }: ExampleAnswer): ExampleAnswer {
  return answer;
}

function requestItems(entries: readonly CollectionEntry[]): RequestItem[] {
  return entries.flatMap((entry) => (isFolder(entry) ? requestItems(entry.item) : [entry]));
}

function operationIdsOf(document: ApiDocument): Map<string, string> {
  return new Map(
    operationsOf(document).map(({ path, method, operation }) => [`${method} ${path}`, operation.operationId]),
  );
}

/** `get /orders/{orderId}`, as the document has it; Postman writes `:orderId`. */
function routeKey({ request }: RequestItem): string {
  const segments = request.url.path.map((segment) => (segment.startsWith(':') ? `{${segment.slice(1)}}` : segment));
  return `${request.method.toLowerCase()} /${segments.join('/')}`;
}

function identify<T extends CollectionEntry>(entry: T, place: string): T {
  const here = `${place}/${entry.name}`;
  const id = stableId(isFolder(entry) ? here : `${here} ${routeKey(entry)}`);
  if (isFolder(entry)) return { ...entry, id, item: entry.item.map((inner) => identify(inner, here)) };
  const response = (entry.response ?? []).map((answer) => ({ ...answer, id: stableId(`${id}/${answer.name}`) }));
  return { ...entry, id, response };
}

/** In the form of a UUID, which Postman expects. */
function stableId(place: string): string {
  const hex = createHash('sha256').update(place).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
