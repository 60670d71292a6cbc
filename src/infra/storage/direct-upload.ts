import { createHash, timingSafeEqual } from 'node:crypto';
import { config } from '../../config/index.ts';
import { nowMs } from '../../shared/clock.ts';
import { publicIdOf, type AssetName } from './assets.ts';
import { callCloudinary } from './cloudinary-call.ts';

/** A form that a browser may send to the vendor as it stands, with the field `file`, and none else. */
export interface SignedUpload {
  url: string;
  fields: Record<string, string>;
}

/** The vendor keeps what its callback says open for two hours of repetitions. */
const CALLBACK_TTL_SECONDS = 2 * 3600;
/** How far the vendor's clock may be ahead of ours. */
const CLOCK_SKEW_SECONDS = 300;

/** Signs one name, one kind and these formats: the vendor refuses every other, and the signature after an hour. */
export async function signUpload(
  name: AssetName,
  { formats, callbackUrl }: { formats: readonly string[]; callbackUrl: string },
): Promise<SignedUpload> {
  const fields = {
    allowed_formats: formats.join(','),
    notification_url: callbackUrl,
    // The signature holds for an hour: what we have looked at must not be another file afterwards.
    overwrite: 'false',
    public_id: publicIdOf(name),
    timestamp: String(Math.floor(nowMs() / 1000)),
    type: name.access,
  };
  const { apiKey, apiSecret, apiBaseUrl, cloudName } = config.images;
  const signature = await callCloudinary('sign', (sdk) =>
    Promise.resolve(sdk.utils.api_sign_request(fields, apiSecret)),
  );
  return {
    url: `${apiBaseUrl.replace(/\/$/, '')}/v1_1/${cloudName}/${name.kind}/upload`,
    fields: { ...fields, api_key: apiKey, signature },
  };
}

/** `X-Cld-Signature` over the bytes as they came, `X-Cld-Timestamp` and our secret. In constant time. */
export function isGenuineCallback(rawBody: Buffer, headers: { timestamp: string; signature: string }): boolean {
  const seconds = /^\d{1,12}$/.test(headers.timestamp) ? Number(headers.timestamp) : 0;
  const age = nowMs() / 1000 - seconds;
  if (age > CALLBACK_TTL_SECONDS || age < -CLOCK_SKEW_SECONDS || config.images.apiSecret === '') return false;
  const wanted = createHash('sha1').update(rawBody).update(headers.timestamp).update(config.images.apiSecret).digest();
  const given = Buffer.from(headers.signature, 'hex');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
