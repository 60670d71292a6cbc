import { randomToken } from './ids.ts';

const MAX_LENGTH = 60;
const MARKS = /\p{M}+/gu;
const OTHERS = /[^a-z0-9]+/g;
const ENDS = /^-+|-+$/g;

/** A public address out of a name: Latin letters and digits with hyphens between; `fallback` for a name that has none. */
export function slugOf(name: string, fallback: string): string {
  const latin = name.normalize('NFKD').replaceAll(MARKS, '').toLowerCase().replaceAll(OTHERS, '-');
  const slug = latin.replaceAll(ENDS, '').slice(0, MAX_LENGTH).replaceAll(ENDS, '');
  return slug === '' ? fallback : slug;
}

/**
 * For what is only prepared, so that a draft takes no address from anybody: what to try one after the other, as the unique index alone
 * knows what is taken.
 */
export function provisionalSlugs(name: string, fallback: string): string[] {
  const slug = slugOf(name, fallback);
  return [`${slug}-${tail(4)}`, `${slug}-${tail(8)}`, `${slug}-${tail(8)}`];
}

function tail(length: number): string {
  return randomToken()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, length);
}
