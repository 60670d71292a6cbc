import { script } from './postman-collection.ts';
import type { ApiStep, Journey, ProviderStep, Step } from './journey-step.ts';
import type { CollectionEvent, CollectionRequest, CollectionUrl, Folder, RequestItem } from './postman-types.ts';

/** Waiting for the worker ends after 60 answers, a good fifteen seconds. */
const MOST_TRIES = 60;
const PAUSE_MS = 250;

/** A folder that plays a story, made of copies of the converted requests. */
export function journeyFolder(journey: Journey, requests: ReadonlyMap<string, RequestItem>): Folder {
  const { name, description, steps } = journey;
  return { name, description, item: steps.map((step, index) => toItem(step, index + 1, requests)) };
}

function toItem(step: Step, number: number, requests: ReadonlyMap<string, RequestItem>): RequestItem {
  const request = 'operationId' in step ? requestOf(step, requests) : providerRequest(step);
  const name = `${String(number).padStart(2, '0')} ${step.title}`;
  return { name, request: { ...request, name, description: step.title }, event: eventsOf(step) };
}

function requestOf(step: ApiStep, requests: ReadonlyMap<string, RequestItem>): CollectionRequest {
  const documented = requests.get(step.operationId)?.request;
  if (documented === undefined) throw new Error(`the API document has no operation ${step.operationId}`);
  const { method, header = [], body } = structuredClone(documented);
  return {
    method,
    url: urlOf(documented.url, step),
    header: header.map((entry) => ({ ...entry, value: headerValue(entry, step) })),
    ...(step.body === undefined ? {} : { body: { ...body, mode: 'raw', raw: bodyText(step.body) } }),
    auth: step.actor === 'anybody' ? { type: 'noauth' } : bearer(`{{${step.actor}Token}}`),
  };
}

function headerValue({ key, value }: { key: string; value: string }, { idempotencyKey, ifMatch }: ApiStep): string {
  if (key === 'Idempotency-Key') return idempotencyKey ?? value;
  return key === 'If-Match' ? (ifMatch ?? '"{{version}}"') : value;
}

/** Postman fills in text; a number or list must stand there without the quotes. */
function bodyText(body: object): string {
  return JSON.stringify(body, null, 2).replaceAll(/"\{\{=(\w+)\}\}"/g, '{{$1}}');
}

function urlOf(documented: CollectionUrl, { path = {}, query = {} }: ApiStep) {
  const variable = (documented.variable ?? []).map((entry) => {
    const value = path[entry.key];
    if (value === undefined) throw new Error(`a step gives no value for :${entry.key}`);
    return { ...entry, value };
  });
  return {
    ...structuredClone(documented),
    variable,
    query: Object.entries(query).map(([key, value]) => ({ key, value })),
  };
}

/** The customer's browser speaks to the payment provider with the publishable key and the client secret alone. */
function providerRequest(step: ProviderStep): CollectionRequest {
  return {
    method: 'POST',
    url: { host: ['{{paymentProviderUrl}}'], path: [...step.providerPath] },
    body: {
      mode: 'urlencoded',
      urlencoded: Object.entries(step.form).map(([key, value]) => ({ key, value })),
    },
    auth: bearer('{{publishableKey}}'),
  };
}

function bearer(value: string): object {
  return { type: 'bearer', bearer: [{ key: 'token', value, type: 'string' }] };
}

function eventsOf(step: Step): CollectionEvent[] {
  const before = step.before === undefined ? [] : [script('prerequest', step.before)];
  return [...before, script('test', testLines(step))];
}

function testLines({ status, until, after = [], title }: Step): string[] {
  // 202 says that it is being made, and has no body.
  const answer = status === 204 ? [] : ["const answer = pm.response.text() === '' ? null : pm.response.json();"];
  const expectation = [
    `pm.test(${JSON.stringify(title)}, () => {`,
    `  pm.response.to.have.status(${status});`,
    ...after.map((line) => `  ${line}`),
    '});',
  ];
  return until === undefined ? [...answer, ...expectation] : [...answer, ...pollLines(until, expectation)];
}

/** The timer keeps the script, and with it the runner, waiting before the same request is sent again. */
function pollLines(until: string, expectation: readonly string[]): string[] {
  return [
    "const tries = Number(pm.environment.get('tries') || 0) + 1;",
    `if (pm.response.code < 300 && !(${until}) && tries < ${MOST_TRIES}) {`,
    "  pm.environment.set('tries', tries);",
    '  pm.execution.setNextRequest(pm.info.requestId);',
    `  setTimeout(() => {}, ${PAUSE_MS});`,
    '} else {',
    "  pm.environment.unset('tries');",
    ...expectation.map((line) => `  ${line}`),
    '}',
  ];
}
