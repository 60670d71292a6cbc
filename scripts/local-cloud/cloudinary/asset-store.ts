import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type ResourceType = 'image' | 'video';
export const DELIVERY_TYPES = ['upload', 'private', 'authenticated'] as const;
export type DeliveryType = (typeof DELIVERY_TYPES)[number];

export interface AssetKey {
  resourceType: ResourceType;
  type: DeliveryType;
  publicId: string;
}

export interface StoredAsset extends AssetKey {
  assetId: string;
  version: number;
  format: string;
  bytes: number;
  width: number;
  height: number;
  /** Of a video, in seconds. */
  duration: number | null;
  etag: string;
  createdAt: string;
}

/** What was uploaded, each asset two files in a folder: a restart continues with what was there. */
export interface AssetStore {
  find(key: AssetKey): StoredAsset | null;
  put(asset: StoredAsset, content: Buffer): void;
  move(asset: StoredAsset, to: AssetKey): StoredAsset;
  drop(key: AssetKey): boolean;
  read(asset: StoredAsset): Buffer;
  list(): StoredAsset[];
  clear(): void;
}

export function openAssetStore(folder: string): AssetStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const assets = new Map<string, StoredAsset>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const asset = JSON.parse(readFileSync(join(folder, name), 'utf8')) as StoredAsset;
    assets.set(nameOf(asset), asset);
  }
  const path = (name: string, ending: string): string => join(folder, `${name}.${ending}`);
  const put = (asset: StoredAsset, content: Buffer): void => {
    const name = nameOf(asset);
    // The description last: without it the content counts for nothing.
    writeAside(path(name, 'bin'), content);
    writeAside(path(name, 'json'), JSON.stringify(asset, null, 2));
    assets.set(name, asset);
  };
  const drop = (key: AssetKey): boolean => {
    const name = nameOf(key);
    rmSync(path(name, 'json'), { force: true });
    rmSync(path(name, 'bin'), { force: true });
    return assets.delete(name);
  };
  const read = (asset: StoredAsset): Buffer => readFileSync(path(nameOf(asset), 'bin'));
  return {
    find: (key) => assets.get(nameOf(key)) ?? null,
    put,
    move: (asset, to) => {
      const moved = { ...asset, ...to };
      put(moved, read(asset));
      drop(asset);
      return moved;
    },
    drop,
    read,
    list: () => [...assets.values()].sort((a, b) => a.publicId.localeCompare(b.publicId)),
    clear: () => {
      for (const asset of [...assets.values()]) drop(asset);
    },
  };
}

function writeAside(file: string, content: string | Buffer): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function nameOf({ resourceType, type, publicId }: AssetKey): string {
  return createHash('sha256').update(`${resourceType}/${type}/${publicId}`).digest('hex');
}

export function newAssetId(): string {
  return randomBytes(16).toString('hex');
}
