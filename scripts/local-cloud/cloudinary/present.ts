import { isoTime } from '../clock.ts';
import type { StoredAsset } from './asset-store.ts';
import type { CloudinaryState } from './exchange.ts';
import { signAnswer } from './signature.ts';

/** As the admin API shows it. */
export function presentResource(asset: StoredAsset, state: CloudinaryState): Record<string, unknown> {
  const { assetId, publicId, format, version, resourceType, type, createdAt, bytes, width, height, duration } = asset;
  const url = addressOf(asset, state);
  return {
    asset_id: assetId,
    public_id: publicId,
    format,
    version,
    resource_type: resourceType,
    type,
    created_at: createdAt,
    bytes,
    width,
    height,
    ...(duration === null ? {} : { duration, is_audio: false }),
    url,
    secure_url: url,
  };
}

/** As the answer of an upload shows it. */
export function presentUpload(asset: StoredAsset, state: CloudinaryState): Record<string, unknown> {
  const { publicId, version, etag } = asset;
  return {
    ...presentResource(asset, state),
    version_id: asset.assetId,
    signature: signAnswer(publicId, version, state.account.apiSecret),
    tags: [],
    etag,
    placeholder: false,
    original_filename: 'file',
  };
}

function addressOf({ resourceType, type, version, publicId, format }: StoredAsset, state: CloudinaryState): string {
  return `${state.url()}/${state.account.cloudName}/${resourceType}/${type}/v${version}/${publicId}.${format}`;
}

/** Without fractions, as the vendor writes it. */
export function vendorTime(ms: number): string {
  return isoTime(ms).replace(/\.\d+Z$/, 'Z');
}
