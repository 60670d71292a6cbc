import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { v2 as Cloudinary } from 'cloudinary';
import { config } from '../../config/index.ts';
import { setSdkVariable } from '../../config/sdk-environment.ts';
import { histogram, DURATION_BUCKETS } from '../observability/index.ts';

export type Sdk = typeof Cloudinary;

const duration = histogram(
  { name: 'quickbite_storage_duration_seconds', help: 'Calls to the image cloud', labels: ['call', 'result'] },
  DURATION_BUCKETS,
);

/**
 * Deliberately without `cause`: what the SDK throws carries the request with its key and secret, and the queue stores messages and
 * stacks.
 */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
  /** The vendor's; null when there was no answer. */
  readonly status: number | null;
  /** The vendor looked at it and will not have it: no later attempt will do better. */
  readonly isRefusal: boolean;

  constructor(call: string, status: number | null) {
    super(`the image cloud did not do it (${call}, ${status ?? 'no answer'})`);
    this.status = status;
    this.isRefusal = status === 400;
  }
}

let loading: Promise<Sdk> | null = null;

/** The SDK picks http or https once, when it is imported, by this variable. */
function sdk(): Promise<Sdk> {
  loading ??= (async () => {
    const { cloudName, apiKey, apiSecret, apiBaseUrl } = config.images;
    const account = `${encodeURIComponent(apiKey)}:${encodeURIComponent(apiSecret)}@${cloudName}`;
    setSdkVariable('CLOUDINARY_URL', `cloudinary://${account}?upload_prefix=${encodeURIComponent(apiBaseUrl)}`);
    const { v2 } = await import('cloudinary');
    return v2;
  })();
  return loading;
}

/** What every call needs; the agent is the call's own, so that its end ends the connection, whatever the vendor does with it. */
interface CallOptions {
  cloud_name: string;
  api_key: string;
  api_secret: string;
  upload_prefix: string;
  timeout: number;
  agent: HttpAgent | HttpsAgent;
}

/** @throws StorageFailure, also when the time is up */
export async function callCloudinary<T>(call: string, run: (sdk: Sdk, options: CallOptions) => Promise<T>): Promise<T> {
  const { cloudName, apiKey, apiSecret, apiBaseUrl, timeoutMs } = config.images;
  const agent = apiBaseUrl.startsWith('http:') ? new HttpAgent() : new HttpsAgent();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new StorageFailure(call, null));
  }, timeoutMs);
  const end = duration.startTimer({ call });
  try {
    const account = { cloud_name: cloudName, api_key: apiKey, api_secret: apiSecret, upload_prefix: apiBaseUrl };
    const work = run(await sdk(), { ...account, timeout: timeoutMs, agent });
    const answer = await Promise.race([work, late.promise]);
    end({ result: 'ok' });
    return answer;
  } catch (error) {
    end({ result: 'failed' });
    throw error instanceof StorageFailure ? error : new StorageFailure(call, statusOf(error));
  } finally {
    clearTimeout(timer);
    agent.destroy();
  }
}

/** Uploads fail with `http_code`, the admin API with `error.http_code`. */
function statusOf(error: unknown): number | null {
  const like = error as { http_code?: unknown; error?: { http_code?: unknown } } | null;
  const status = like?.http_code ?? like?.error?.http_code;
  return typeof status === 'number' ? status : null;
}
