import { createHash } from 'node:crypto';
import { realNowMs, realNowSeconds } from '../clock.ts';
import { DELIVERY_TYPES, newAssetId, type AssetKey, type DeliveryType, type ResourceType } from './asset-store.ts';
import { CloudinaryError } from './errors.ts';
import type { CloudinaryState } from './exchange.ts';
import { inspect } from './media.ts';
import { notify } from './notify.ts';
import { presentUpload, vendorTime } from './present.ts';
import type { Params } from './signature.ts';
import type { UploadForm } from './upload-form.ts';

/** What the vendor knows and QuickBite uses. An unknown parameter is refused: nobody here would notice that it does nothing. */
const KNOWN = new Set([
  ...['file', 'api_key', 'signature', 'timestamp', 'public_id', 'type', 'resource_type', 'overwrite', 'invalidate'],
  ...['allowed_formats', 'notification_url'],
]);
const PUBLIC_ID = /^[\w-]+(\/[\w-]+)*$/;

/** @throws CloudinaryError */
export async function upload(resourceType: ResourceType, { params, file }: UploadForm, state: CloudinaryState) {
  assertKnown(params);
  if (file === null || file.length === 0) throw new CloudinaryError(400, 'Missing required parameter - file');
  const key = keyOf(resourceType, params, 'public_id');
  const media = await inspect(file, resourceType);
  assertAllowed(media.format, params['allowed_formats']);
  const existing = state.assets.find(key);
  if (existing !== null && isFalse(params['overwrite'])) return { ...presentUpload(existing, state), existing: true };
  const asset = {
    ...key,
    ...media,
    assetId: existing?.assetId ?? newAssetId(),
    version: realNowSeconds(),
    bytes: file.length,
    etag: createHash('md5').update(file).digest('hex'),
    createdAt: vendorTime(realNowMs()),
  };
  state.assets.put(asset, file);
  const { notification_url: url = '' } = params;
  if (url !== '') void notify(asset, url, state);
  return { ...presentUpload(asset, state), ...(existing === null ? {} : { overwritten: true }) };
}

export function destroy(resourceType: ResourceType, { params }: UploadForm, state: CloudinaryState) {
  return { result: state.assets.drop(keyOf(resourceType, params, 'public_id')) ? 'ok' : 'not found' };
}

/** @throws CloudinaryError */
export function rename(resourceType: ResourceType, { params }: UploadForm, state: CloudinaryState) {
  const from = keyOf(resourceType, params, 'from_public_id');
  const to = {
    ...from,
    ...keyOf(resourceType, { ...params, type: params['to_type'] ?? from.type }, 'to_public_id'),
  };
  const asset = state.assets.find(from);
  if (asset === null) throw new CloudinaryError(404, `Resource not found - ${from.publicId}`);
  if (state.assets.find(to) !== null && params['overwrite'] !== 'true' && params['overwrite'] !== '1') {
    throw new CloudinaryError(400, `to_public_id ${to.publicId} already exists`);
  }
  return presentUpload(state.assets.move(asset, to), state);
}

export function keyOf(resourceType: ResourceType, params: Params, name: string): AssetKey {
  const publicId = params[name] ?? '';
  if (!PUBLIC_ID.test(publicId)) throw new CloudinaryError(400, `Missing required parameter - ${name}`);
  return { resourceType, publicId, type: deliveryType(params['type'] ?? 'upload') };
}

export function deliveryType(text: string): DeliveryType {
  const found = DELIVERY_TYPES.find((type) => type === text);
  if (found === undefined) throw new CloudinaryError(400, `Invalid type ${text}`);
  return found;
}

function assertKnown(params: Params): void {
  const unknown = Object.keys(params).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw new CloudinaryError(400, `The local cloud does not know the parameter ${unknown}`);
}

function assertAllowed(format: string, allowed = ''): void {
  if (allowed === '' || allowed.split(',').includes(format)) return;
  throw new CloudinaryError(400, `Image file format ${format} not allowed`);
}

function isFalse(value: string | undefined): boolean {
  return value === 'false' || value === '0';
}
