import { z } from 'zod';
import { config } from '../../config/index.ts';
import { dateFrom, nowMs } from '../../shared/clock.ts';
import { callCloudinary, StorageFailure } from './cloudinary-call.ts';

/** What an asset is called there. `private` is shown to nobody without our signature. */
export interface AssetName {
  /** Below our folder, such as `65f0.../small-avif`. */
  path: string;
  access: 'upload' | 'private';
  kind: 'image' | 'video';
}

export interface RemoteAsset extends AssetName {
  format: string;
  bytes: number;
  width: number;
  height: number;
  /** Of a video. */
  durationSeconds: number | null;
  createdAt: Date;
}

const resourceSchema = z.object({
  public_id: z.string(),
  format: z.string().default(''),
  bytes: z.number(),
  width: z.number().default(0),
  height: z.number().default(0),
  duration: z.number().optional(),
  created_at: z.string(),
});
const pageSchema = z.object({ resources: z.array(resourceSchema), next_cursor: z.string().optional() });

/** Whether there is a cloud to put pictures on. */
export function isStorageOn(): boolean {
  return config.images.cloudName !== '';
}

/** The name in the cloud. There is no way out of our folder: whatever is removed begins with it. */
export function publicIdOf({ path }: Pick<AssetName, 'path'>): string {
  if (!/^[a-z0-9]+(\/[a-z0-9-]+)+$/.test(path)) throw new Error(`no path of ours: ${path}`);
  return `${config.images.folder}/${path}`;
}

/** The same name again takes the place of what was there: an upload that is repeated leaves one asset. @throws StorageFailure */
export async function putAsset(name: AssetName, bytes: Uint8Array): Promise<void> {
  await callCloudinary('upload', (sdk, options) => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const how = { public_id: publicIdOf(name), type: name.access, resource_type: name.kind, overwrite: true };
    const stream = sdk.uploader.upload_stream({ ...options, ...how, invalidate: true }, (error) => {
      if (error === undefined) resolve(undefined);
      // Ours, without what the SDK put into it.
      else reject(new StorageFailure('upload', typeof error.http_code === 'number' ? error.http_code : null));
    });
    stream.end(bytes);
    return promise;
  });
}

/** Also from the caches of its delivery network. What is not there is gone. @throws StorageFailure */
export async function dropAsset(name: AssetName): Promise<void> {
  await callCloudinary('destroy', (sdk, options) =>
    sdk.uploader.destroy(publicIdOf(name), {
      ...options,
      type: name.access,
      resource_type: name.kind,
      invalidate: true,
    }),
  );
}

/** What the vendor itself says about it; null when it is not there. @throws StorageFailure */
export async function findAsset(name: AssetName): Promise<RemoteAsset | null> {
  try {
    const answer: unknown = await callCloudinary('resource', (sdk, options) =>
      // Without `media_metadata` the answer for a video has no duration.
      sdk.api.resource(publicIdOf(name), {
        ...options,
        type: name.access,
        resource_type: name.kind,
        media_metadata: true,
      }),
    );
    return toRemoteAsset(resourceSchema.parse(answer), name);
  } catch (error) {
    if (error instanceof StorageFailure && error.status === 404) return null;
    throw error;
  }
}

/** A private one shows itself from now on under `to`. @throws StorageFailure */
export async function publishAsset(name: AssetName, to: string): Promise<void> {
  await callCloudinary('rename', (sdk, options) =>
    sdk.uploader.rename(publicIdOf(name), publicIdOf({ path: to }), {
      ...options,
      type: name.access,
      to_type: 'upload',
      resource_type: name.kind,
      overwrite: true,
      invalidate: true,
    }),
  );
}

/** The bytes of a private picture. @throws StorageFailure, also when they are more than the limit */
export async function fetchAsset(name: AssetName, { format, maxBytes }: { format: string; maxBytes: number }) {
  return callCloudinary('download', async (sdk, { agent: _agent, ...account }) => {
    const url = sdk.utils.private_download_url(publicIdOf(name), format, {
      ...account,
      type: name.access,
      resource_type: name.kind,
      expires_at: Math.floor(nowMs() / 1000) + 300,
    });
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(config.images.timeoutMs) });
    if (!response.ok || response.body === null) throw new StorageFailure('download', response.status);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes) throw new StorageFailure('download', 400);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  });
}

/** One page of what lies in our folder. @throws StorageFailure */
export async function listAssets(
  of: Pick<AssetName, 'access' | 'kind'>,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<{ assets: RemoteAsset[]; nextCursor: string | null }> {
  const prefix = `${config.images.folder}/`;
  const answer: unknown = await callCloudinary('resources', (sdk, options) =>
    sdk.api.resources({
      ...options,
      type: of.access,
      resource_type: of.kind,
      prefix,
      max_results: limit,
      ...(cursor === null ? {} : { next_cursor: cursor }),
    }),
  );
  const { resources, next_cursor: nextCursor = null } = pageSchema.parse(answer);
  const assets = resources
    .filter((resource) => resource.public_id.startsWith(prefix))
    .map((resource) => toRemoteAsset(resource, { ...of, path: resource.public_id.slice(prefix.length) }));
  return { assets, nextCursor };
}

function toRemoteAsset(resource: z.output<typeof resourceSchema>, name: AssetName): RemoteAsset {
  const { format, bytes, width, height, duration } = resource;
  const createdAt = dateFrom(resource.created_at);
  return { ...name, format, bytes, width, height, durationSeconds: duration ?? null, createdAt };
}
