import type { CustomFetch } from 'openid-client';
import { AppError } from '../../../errors/index.ts';

/** A profile or a set of keys has a few kilobytes. */
const MAX_BYTES = 256 * 1024;
/** Answers that may not carry a body. */
const WITHOUT_BODY = [204, 205, 304];

/**
 * `fetch` for a server that we do not trust to be well: it follows no redirect and reads no more than so much; the deadline is in
 * the caller's signal. A provider that is away, ill or endless is 503, which `providerFault` finds again below the library's error.
 */
export const boundedFetch: CustomFetch = async (url, { method, headers, body, signal }) => {
  try {
    const optional = { ...(body !== undefined && { body }), ...(signal !== undefined && { signal }) };
    const response = await fetch(url, { method, headers, redirect: 'manual', ...optional });
    const bytes = await readAtMost(response, MAX_BYTES);
    if (response.status >= 500) throw new Error(`the provider answered ${response.status}`);
    const content = WITHOUT_BODY.includes(response.status) ? null : bytes;
    return new Response(content, { status: response.status, headers: response.headers });
  } catch (cause) {
    throw new AppError('service_unavailable', { cause, retryAfterSeconds: 5, info: { host: new URL(url).host } });
  }
};

async function readAtMost(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop ends the connection.
    if (size > maxBytes) throw new Error(`the provider answered more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
