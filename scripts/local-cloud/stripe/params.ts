import { invalidParam } from './errors.ts';
import type { Form, FormValue } from './form.ts';
import type { Metadata } from './types.ts';

type Reader<T> = (value: FormValue, name: string) => T;
type Param<T> = (value: FormValue | undefined, name: string) => T;
type Values<S> = { [K in keyof S]: S[K] extends Param<infer T> ? T : never };

/** Reads what `spec` names and refuses the rest, in Stripe's words. `expand` is understood everywhere. */
export function readParams<S extends Record<string, Param<unknown>>>(
  form: Form,
  spec: S,
): Values<S> & { expand: string[] } {
  for (const name of Object.keys(form)) {
    if (name !== 'expand' && !Object.hasOwn(spec, name)) {
      throw invalidParam(`Received unknown parameter: ${name}`, name, 'parameter_unknown');
    }
  }
  const entries = Object.entries(spec).map(([name, param]) => [name, param(form[name], name)]);
  const expand = form['expand'] === undefined ? [] : textList(form['expand'], 'expand');
  return { ...(Object.fromEntries(entries) as Values<S>), expand };
}

export function required<T>(read: Reader<T>): Param<T> {
  return (value, name) => {
    if (value === undefined) throw invalidParam(`Missing required param: ${name}.`, name, 'parameter_missing');
    return read(notEmpty(value, name), name);
  };
}

export function optional<T>(read: Reader<T>): Param<T | undefined> {
  return (value, name) => (value === undefined ? undefined : read(notEmpty(value, name), name));
}

/** Accepted because real callers send it; it changes nothing here. */
export const ignored: Param<undefined> = () => undefined;

function notEmpty(value: FormValue, name: string): FormValue {
  if (value !== '' || name === 'metadata') return value;
  const message = `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset.`;
  throw invalidParam(message, name, 'parameter_invalid_empty');
}

export const text: Reader<string> = (value, name) => {
  if (typeof value !== 'string') throw invalidParam(`Invalid string: ${JSON.stringify(value)}`, name);
  return value;
};

export const textList: Reader<string[]> = (value, name) => {
  if (typeof value === 'string') throw invalidParam('Invalid array', name);
  return Object.values(value).map((item) => text(item, name));
};

export const flag: Reader<boolean> = (value, name) => {
  if (value !== 'true' && value !== 'false') throw invalidParam(`Invalid boolean: ${text(value, name)}`, name);
  return value === 'true';
};

export function integer(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value, name) => {
    const digits = text(value, name);
    const code = 'parameter_invalid_integer';
    if (!/^-?\d{1,15}$/.test(digits)) throw invalidParam(`Invalid integer: ${digits}`, name, code);
    const number = Number(digits);
    if (number < minimum) {
      throw invalidParam(`This value must be greater than or equal to ${minimum}.`, name, code);
    }
    if (number > maximum) throw invalidParam(`This value must be less than or equal to ${maximum}.`, name, code);
    return number;
  };
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Reader<T> {
  return (value, name) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) {
      const list = `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1) ?? ''}`;
      throw invalidParam(`Invalid ${name}: must be one of ${list}`, name);
    }
    return found;
  };
}

/** An empty value unsets its key, an empty `metadata` all of them; the limits are Stripe's. */
export const metadata: Reader<Metadata> = (value, name) => {
  if (value === '') return {};
  if (typeof value === 'string') throw invalidParam('Invalid object', name);
  const entries = Object.entries(value).map(([key, item]) => [key, text(item, `metadata[${key}]`)] as const);
  for (const [key, item] of entries) {
    if (key.length > 40 || item.length > 500) {
      throw invalidParam('Metadata keys have up to 40 characters and values up to 500.', `metadata[${key}]`);
    }
  }
  if (entries.length > 50) throw invalidParam('Metadata can have up to 50 keys.', name);
  return Object.fromEntries(entries);
};

export function mergeMetadata(before: Metadata, change: Metadata): Metadata {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ''));
}

export const automaticPaymentMethods: Reader<{ enabled: boolean; allow_redirects: 'always' | 'never' }> = (
  value,
  name,
) => {
  if (typeof value === 'string') throw invalidParam('Invalid object', name);
  const { enabled, allow_redirects: redirects } = readParams(value, {
    enabled: required(flag),
    allow_redirects: optional(oneOf('always', 'never')),
  });
  return { enabled, allow_redirects: redirects ?? 'always' };
};

/** `created=1700000000` or `created[gte]=...`, as a test on the object's second. */
export const createdRange: Reader<(created: number) => boolean> = (value, name) => {
  const seconds = integer(0);
  if (typeof value === 'string') {
    const exact = seconds(value, name);
    return (created) => created === exact;
  }
  const range = readParams(value, {
    gt: optional(seconds),
    gte: optional(seconds),
    lt: optional(seconds),
    lte: optional(seconds),
  });
  return (created) =>
    created > (range.gt ?? -1) &&
    created >= (range.gte ?? 0) &&
    created < (range.lt ?? Infinity) &&
    created <= (range.lte ?? Infinity);
};
