import type { Request } from 'express';
import { z } from 'zod';
import { AppError, fieldProblems } from '../errors/index.ts';
import { hasValuesAtMost } from '../shared/count-values.ts';
import { ID_PATTERN } from '../shared/ids.ts';

export interface RequestSchemas {
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Of the body, where an honest one has more values than `MAX_VALUES`. */
  maxValues?: number;
}

/** What a schema says of a value that is wrong costs hundreds of times what reading it did: of so many at most. */
const MAX_VALUES = 3_500;

type Parsed<S extends RequestSchemas> = {
  [K in keyof S & ('params' | 'query' | 'body')]: S[K] extends z.ZodType ? z.output<S[K]> : never;
};

/** A reference in a path, query or body. */
export const idSchema = z
  .string()
  .regex(ID_PATTERN, 'must be 24 lowercase hexadecimal digits')
  .meta({
    id: 'Id',
    examples: ['65f0c0ffee0000000000abcd'],
  });

/**
 * A number in a query. Not `z.coerce`: that takes `0x10` for 16 and nothing for 0. For the document, zod drops `default` and `examples` of what is
 * transformed: name them in `.meta({ override })`.
 */
export function wholeNumber(min: number, max: number) {
  const toNumber = (text: unknown) => (typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : text);
  return z.preprocess(toNumber, z.int().min(min).max(max));
}

const PARTS = ['params', 'query', 'body'] as const;

/** A route without questions takes none: an unknown key is 400 (domain.md section 5). */
const NO_QUERY = z.strictObject({});

/**
 * Validates the request and returns new, typed values; without a schema for it, no query is taken. `req` is never written on. Every problem of every part is named at once.
 * @throws AppError `validation_failed`
 */
export function parseRequest<S extends RequestSchemas>(req: Request, schemas: S): Parsed<S> {
  const result: Record<string, unknown> = {};
  const problems = PARTS.flatMap((part) => {
    const schema = part === 'query' ? (schemas.query ?? NO_QUERY) : schemas[part];
    if (schema === undefined) return [];
    if (part === 'body' && !hasValuesAtMost(req.body, schemas.maxValues ?? MAX_VALUES)) {
      return [{ path: '', code: 'too_many_values', message: 'There are too many values in it.' }];
    }
    // A missing body is `undefined` in Express 5; for the schema it is an empty object.
    const parsed = schema.safeParse((req[part] as unknown) ?? {});
    if (parsed.success) {
      result[part] = parsed.data;
      return [];
    }
    return fieldProblems(parsed.error, part === 'body' ? [] : [part]);
  });
  if (problems.length > 0) throw new AppError('validation_failed', { details: problems });
  return result as Parsed<S>;
}
