import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { errorCodes, type ErrorCode } from '../errors/index.ts';
import { permissions, type Permission } from '../shared/permissions.ts';
import { PICTURE_FORMATS, PICTURE_SIZES } from '../shared/picture.ts';
import { wholeNumber, type RequestSchemas } from './parse-request.ts';

export interface RouteContract<R extends RequestSchemas = RequestSchemas> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI form, without the base: `/restaurants/{restaurantId}`. */
  path: string;
  /** Same verb as controller and service. */
  operationId: string;
  tag: string;
  summary: string;
  description?: string;
  auth: 'public' | Permission;
  request: R;
  /** Status -> schema of the body; `null` for an empty one. */
  responses: Record<number, z.ZodType | null>;
  /** What this route may answer beyond what every route may. */
  errors: readonly ErrorCode[];
  /** Needs an Idempotency-Key. */
  isIdempotent?: boolean;
  /** Needs `If-Match` with the version that is changed (`expectedVersion`); a lost update is a 409. */
  needsIfMatch?: boolean;
  /** Media types of the body, where they are not JSON. */
  bodyTypes?: readonly string[];
  /** A body that the route reads by itself, as a file: what it is by its media type, for the document. */
  fileBody?: Record<string, z.ZodType>;
  /** Media types of files that a success may be instead of JSON; with `null` for a schema it is always one. */
  fileTypes?: readonly string[];
}

/** One description of a route: its schemas validate the request and make the API document. */
export function defineRoute<const R extends RequestSchemas>(contract: RouteContract<R>): RouteContract<R> {
  return contract;
}

export const moneySchema = z
  .strictObject({ amount: z.int().meta({ description: 'Minor units.' }), currency: z.string().length(3) })
  .meta({ id: 'Money', examples: [{ amount: 24900, currency: 'INR' }] });

export const geoPointSchema = z
  .strictObject({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) })
  .meta({ id: 'GeoPoint', examples: [{ lat: 12.9352, lng: 74.8211 }] });

/** Whoever shows it fills in the size and the format. */
export const pictureSchema = z
  .strictObject({
    imageId: z.string(),
    urlTemplate: z.string().meta({
      description:
        `Put a size (${PICTURE_SIZES.join(', ')}) in the place of \`{size}\` and a format (${PICTURE_FORMATS.join(', ')}) in ` +
        'each place of `{format}`; every combination is there. ' +
        'Browsers cache each for good.',
    }),
    width: z.int(),
    height: z.int(),
    blurhash: z.string(),
  })
  .meta({
    id: 'Picture',
    examples: [
      {
        imageId: '65f0c0ffee0000000000abcd',
        urlTemplate:
          'https://res.cloudinary.com/qb/image/upload/quickbite/65f0c0ffee0000000000abcd/{size}-{format}.{format}',
        width: 1600,
        height: 1067,
        blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
      },
    ],
  });

/** ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime().meta({ id: 'Time', examples: ['2026-11-20T12:30:00.000Z'] });

export function pageSchema<T extends z.ZodType>(item: T) {
  return z.strictObject({
    data: z.array(item),
    page: z.strictObject({ limit: z.int(), nextCursor: z.string().nullable(), hasMore: z.boolean() }),
  });
}

export function limitQuery(fallback: number) {
  return wholeNumber(1, 100)
    .default(fallback)
    .meta({ override: { default: fallback } });
}

export const pageQuery = {
  limit: limitQuery(20),
  cursor: z.string().max(500).optional(),
};

const errorSchema = z
  .strictObject({
    error: z.strictObject({
      status: z.int(),
      code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
      message: z.string(),
      details: z.unknown().optional().meta({ description: 'By `code`: see `ErrorDetails`.' }),
      requestId: z.string(),
    }),
  })
  .meta({ id: 'Error' });

/** What `details` holds, by code; codes that are not named have none. */
const errorDetailsSchema = z
  .strictObject(
    Object.fromEntries(
      Object.entries(errorCodes).flatMap(([code, definition]): [string, z.ZodType][] =>
        'details' in definition ? [[code, definition.details]] : [],
      ),
    ),
  )
  .partial()
  .meta({
    description: 'No answer of its own: under each `code`, what the `details` of an error with this code hold.',
  });

const COMMON_ERRORS: readonly ErrorCode[] = [
  'validation_failed',
  'rate_limited',
  'internal_error',
  'service_unavailable',
  'overloaded',
];
const AUTH_ERRORS: readonly ErrorCode[] = ['unauthenticated', 'token_invalid', 'token_expired', 'forbidden'];
const IDEMPOTENCY_ERRORS: readonly ErrorCode[] = [
  'idempotency_key_missing',
  'idempotency_in_flight',
  'idempotency_key_reused',
];

/** OpenAPI 3.1 of the given contracts. Pure: the same contracts make the same document. */
export function buildOpenApiDocument(contracts: readonly RouteContract[], serverUrl: string) {
  const paths: ZodOpenApiPathsObject = {};
  for (const contract of contracts) {
    paths[contract.path] = { ...paths[contract.path], [contract.method]: operation(contract) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'QuickBite API',
      version: '1.0.0',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Ordering, cooking and delivery. Money is in integer minor units; times are ISO 8601 in UTC.\n\n' +
        'To try it here: log in (the example is the demo’s customer), copy the `accessToken`, and press Authorize.',
    },
    servers: [{ url: `${serverUrl}/api/v1` }],
    paths,
    components: {
      schemas: { ErrorDetails: errorDetailsSchema },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  });
}

function operation(contract: RouteContract): ZodOpenApiOperationObject {
  const { request } = contract;
  const isPublic = contract.auth === 'public';
  const header = headersOf(contract);
  return {
    operationId: contract.operationId,
    tags: [contract.tag],
    summary: contract.summary,
    description: [contract.description, rolesSentence(contract)].filter(Boolean).join('\n\n'),
    security: isPublic ? [] : [{ bearer: [] }],
    requestParams: {
      ...(request.params === undefined ? {} : { path: request.params as z.ZodObject }),
      ...(request.query === undefined ? {} : { query: request.query as z.ZodObject }),
      ...(header === null ? {} : { header }),
    },
    ...(request.body === undefined ? {} : { requestBody: requestBody(request.body, contract.bodyTypes) }),
    ...(contract.fileBody === undefined ? {} : { requestBody: fileBody(contract.fileBody) }),
    responses: { ...successResponses(contract), ...errorResponses(contract) },
  };
}

const IDEMPOTENCY_HEADER = {
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(255)
    .meta({ examples: ['6f1c2f7e-5f0e-4a77-9d2b-1f6f3c1f2a10'] }),
};
const IF_MATCH_HEADER = {
  'If-Match': z.string().meta({
    description: 'The `version` of what is changed, in quotes: the ETag of the answer that showed it.',
    examples: ['"7"'],
  }),
};

function headersOf({ isIdempotent = false, needsIfMatch = false }: RouteContract) {
  if (!isIdempotent && !needsIfMatch) return null;
  return z.strictObject({ ...(isIdempotent ? IDEMPOTENCY_HEADER : {}), ...(needsIfMatch ? IF_MATCH_HEADER : {}) });
}

function requestBody(schema: z.ZodType, types: readonly string[] = ['application/json']) {
  // Where an empty body is valid, so is none.
  const required = !schema.safeParse({}).success;
  return { required, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function fileBody(schemas: Record<string, z.ZodType>) {
  const content = Object.entries(schemas).map(([type, schema]) => [type, { schema }]);
  return { required: true, content: Object.fromEntries(content) as Record<string, { schema: z.ZodType }> };
}

function rolesSentence({ auth }: RouteContract): string {
  if (auth === 'public') return 'Open to anybody.';
  if (auth === 'account.use') return 'Any signed-in person.';
  const { roles, staff = [] } = permissions[auth] as { roles: readonly string[]; staff?: readonly string[] };
  return `Roles: ${roles.join(', ')}${staff.length === 0 ? '' : ` (${staff.join(', ')})`}.`;
}

function successResponses(contract: RouteContract): ZodOpenApiOperationObject['responses'] {
  const files = Object.fromEntries((contract.fileTypes ?? []).map((type) => [type, { schema: z.string() }]));
  return Object.fromEntries(
    Object.entries(contract.responses).map(([status, schema]) => {
      const content = { ...(schema === null ? {} : { 'application/json': { schema } }), ...files };
      return [
        status,
        {
          description: status === '201' ? 'Created.' : 'Success.',
          ...(Object.keys(content).length === 0 ? {} : { content }),
        },
      ];
    }),
  );
}

/** Every code that a route may answer once it is reached. */
export function promisedCodes(contract: RouteContract): Set<ErrorCode> {
  return new Set<ErrorCode>([
    ...COMMON_ERRORS,
    ...(contract.auth === 'public' ? [] : AUTH_ERRORS),
    ...(contract.isIdempotent === true ? IDEMPOTENCY_ERRORS : []),
    ...(contract.needsIfMatch === true ? (['if_match_missing', 'version_conflict'] as const) : []),
    ...(contract.request.body === undefined
      ? []
      : (['malformed_json', 'payload_too_large', 'unsupported_media_type'] as const)),
    ...(contract.fileBody === undefined ? [] : (['payload_too_large', 'unsupported_media_type'] as const)),
    ...contract.errors,
  ]);
}

/** One response per status, with an example per code straight from the registry. */
function errorResponses(contract: RouteContract): ZodOpenApiOperationObject['responses'] {
  const byStatus = Map.groupBy(promisedCodes(contract), (code) => String(errorCodes[code].status));
  return Object.fromEntries(
    [...byStatus].sort().map(([status, group]) => [
      status,
      {
        description: group.join(', '),
        content: {
          'application/json': {
            schema: errorSchema,
            examples: Object.fromEntries(group.map((code) => [code, { value: errorExample(code) }])),
          },
        },
      },
    ]),
  );
}

function errorExample(code: ErrorCode) {
  const { status, message } = errorCodes[code];
  return { error: { status, code, message, requestId: '0b6f3c1f-2a10-4a77-9d2b-6f1c2f7e5f0e' } };
}

/** Of a download by a signed link that expires. Optional: a link without them is as wrong as a forged one, and answered the same. */
export const linkQuery = z.strictObject({
  expires: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .optional()
    .meta({ examples: ['1795264200'], override: { type: 'string' } }),
  signature: z
    .string()
    .regex(/^[\da-f]{64}$/)
    .optional(),
});
