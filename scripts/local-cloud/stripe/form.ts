import { invalidParam } from './errors.ts';

export type FormValue = string | Form;
export interface Form {
  [name: string]: FormValue;
}

const MAX_DEPTH = 5;

/** `metadata[orderId]=1&expand[0]=charges` as a tree; a list is a tree whose names are its indexes. */
export function decodeForm(text: string): Form {
  const form = emptyForm();
  for (const [key, value] of new URLSearchParams(text)) place(form, key, value);
  return form;
}

/** Without a prototype, so that a parameter called `__proto__` is only a name. */
function emptyForm(): Form {
  return Object.create(null) as Form;
}

function place(form: Form, key: string, value: string): void {
  const path = splitKey(key);
  const last = path.pop() ?? key;
  let level = form;
  for (const name of path) {
    const next = (level[name] ??= emptyForm());
    if (typeof next === 'string') throw invalidParam(`Invalid parameter: ${key}`, key);
    level = next;
  }
  // `types[]=a&types[]=b`: curl's way to send a list.
  level[last === '' ? String(Object.keys(level).length) : last] = value;
}

function splitKey(key: string): string[] {
  const head = /^[^[\]]+/.exec(key)?.[0];
  const tail = key.slice(head?.length ?? 0);
  if (head === undefined || !/^(\[[^[\]]*\])*$/.test(tail)) throw invalidParam(`Invalid parameter: ${key}`, key);
  const path = [head, ...[...tail.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1] ?? '')];
  if (path.length > MAX_DEPTH) throw invalidParam(`Invalid parameter: ${key}`, key);
  return path;
}

/** Equal for equal parameters in any order: what an idempotency key is compared by. */
export function canonicalForm(form: Form): string {
  const sorted = Object.keys(form)
    .sort()
    .map((name) => {
      const value = form[name] ?? '';
      return `${JSON.stringify(name)}:${typeof value === 'string' ? JSON.stringify(value) : canonicalForm(value)}`;
    });
  return `{${sorted.join(',')}}`;
}
