import { operationsOf, type ApiDocument, type ApiMedia, type ApiSchema } from './api-document.ts';

const BY_FORMAT: Record<string, string> = {
  none: 'text',
  'date-time': '2026-11-20T12:30:00.000Z',
  date: '2026-11-20',
  email: 'asha@example.com',
  uri: 'https://example.com/',
  uuid: '0b6f3c1f-2a10-4a77-9d2b-6f1c2f7e5f0e',
};

/**
 * The document with an example at every body and parameter. The Postman converter fakes what it finds no example for, with
 * other values at each run, and follows no reference to look for one.
 */
export function withExamples(document: ApiDocument): ApiDocument {
  const copy = structuredClone(document);
  for (const { operation } of operationsOf(copy)) {
    for (const parameter of operation.parameters ?? []) parameter.example ??= exampleOf(parameter.schema, copy);
    const bodies = [operation.requestBody, ...Object.values(operation.responses)];
    for (const media of bodies.flatMap((body) => Object.values(body?.content ?? {}))) addExample(media, copy);
  }
  return copy;
}

function addExample(media: ApiMedia, document: ApiDocument): void {
  if (media.examples === undefined && media.schema !== undefined) media.example ??= exampleOf(media.schema, document);
}

/** The schema's own example where it has one, else a value made of its parts. */
export function exampleOf(schema: ApiSchema, document: ApiDocument): unknown {
  const given = givenExample(schema);
  if (given !== undefined) return given;
  if (schema.$ref !== undefined) return exampleOf(resolve(schema.$ref, document), document);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) {
    return exampleOf(alternatives.find(({ type }) => type !== 'null') ?? {}, document);
  }
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, document))) as object;
  }
  return exampleOfType(schema, document);
}

function givenExample(schema: ApiSchema): unknown {
  return schema.examples?.[0] ?? schema.const ?? schema.enum?.[0] ?? schema.default;
}

function exampleOfType(schema: ApiSchema, document: ApiDocument): unknown {
  switch ([schema.type].flat().find((name) => name !== 'null')) {
    case 'object':
      return exampleOfProperties(schema, document);
    case 'array':
      return [schema.items ?? []].flat().map((item) => exampleOf(item, document));
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    default:
      return BY_FORMAT[schema.format ?? 'none'] ?? BY_FORMAT['none'];
  }
}

function exampleOfProperties({ properties = {} }: ApiSchema, document: ApiDocument): object {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, exampleOf(property, document)]),
  );
}

function resolve(reference: string, document: ApiDocument): ApiSchema {
  const name = reference.replace('#/components/schemas/', '');
  const found = document.components?.schemas?.[name];
  if (found === undefined) throw new Error(`the document has no ${reference}`);
  return found;
}
