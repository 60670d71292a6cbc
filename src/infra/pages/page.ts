import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

/** Finished bytes in one encoding. Each has a strong tag of its own: the tag names the bytes. */
export interface Variant {
  encoding: Encoding;
  body: Buffer;
  etag: string;
}

/** What was known, and when. Times are of the clock on the wall, in milliseconds; `asOf` is MongoDB's own (`changes.ts`). */
export interface PageFacts {
  /** Everything that had happened by then is in the bytes; null where nobody followed the changes. */
  asOf: string | null;
  /** The versions it hangs on, such as `restaurant:<id>`: a change of any of them ends the page. */
  touches: readonly string[];
  loadedAtMs: number;
  freshUntilMs: number;
  staleUntilMs: number;
  /** From here on a word on the page is wrong, whatever did not change: a house closes, a dish is back. Null: never. */
  validUntilMs: number | null;
}

export interface Page extends PageFacts {
  plain: Variant;
  /** Made when the first reader asks for it. */
  packed: Map<Encoding, Variant>;
  /** The count of changes at which it was last found true: as long as that stands, nobody compares versions. */
  seenTrueAt: number;
}

export function toPage(body: Buffer, facts: PageFacts, etag = tagOf(body)): Page {
  return { ...facts, plain: { encoding: 'identity', body, etag }, packed: new Map(), seenTrueAt: -1 };
}

function tagOf(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

const packers: Record<Exclude<Encoding, 'identity'>, (body: Buffer) => Promise<Buffer>> = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body) => promisify(gzip)(body),
};

/** Compressed once for everybody, not once for each reader. */
export async function variantOf(page: Page, encoding: Encoding): Promise<Variant> {
  if (encoding === 'identity') return page.plain;
  const held = page.packed.get(encoding);
  if (held !== undefined) return held;
  const body = await packers[encoding](page.plain.body);
  const variant = { encoding, body, etag: page.plain.etag.replace(/"$/, `-${encoding}"`) };
  page.packed.set(encoding, variant);
  return variant;
}

const NEW_LINE = 10;

/** For Redis: a line of facts, then the bytes as they are. */
export function encodePage({ plain, asOf, touches, ...times }: Page): Buffer {
  const { loadedAtMs, freshUntilMs, staleUntilMs, validUntilMs } = times;
  const facts = { etag: plain.etag, asOf, touches, loadedAtMs, freshUntilMs, staleUntilMs, validUntilMs };
  return Buffer.concat([Buffer.from(`${JSON.stringify(facts)}\n`), plain.body]);
}

export function decodePage(stored: Buffer): Page {
  const end = stored.indexOf(NEW_LINE);
  const { etag, ...facts } = JSON.parse(stored.toString('utf8', 0, end)) as PageFacts & { etag: string };
  return toPage(stored.subarray(end + 1), facts, etag);
}
