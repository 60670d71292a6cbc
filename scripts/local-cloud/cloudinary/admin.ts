import { readBody } from '../http.ts';
import type { ResourceType } from './asset-store.ts';
import { CloudinaryError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { presentResource } from './present.ts';
import { deliveryType } from './upload.ts';

const MAX_RESULTS = 500;

interface Scope {
  resourceType: ResourceType;
  type: string;
}

/** One page by name; the cursor is the last name of the page before. */
export function listResources(exchange: Exchange, { resourceType, type }: Scope): object {
  const { assets, path } = exchange;
  const prefix = path.searchParams.get('prefix') ?? '';
  const after = cursorOf(path.searchParams.get('next_cursor'));
  const limit = Math.min(Number(path.searchParams.get('max_results') ?? 10), MAX_RESULTS);
  const fitting = assets
    .list()
    .filter((asset) => asset.resourceType === resourceType && asset.type === deliveryType(type))
    .filter(({ publicId }) => publicId.startsWith(prefix) && (after === null || publicId.localeCompare(after) > 0));
  const page = fitting.slice(0, limit);
  const last = page.at(-1)?.publicId ?? '';
  return {
    resources: page.map((asset) => presentResource(asset, exchange)),
    ...(fitting.length > page.length ? { next_cursor: Buffer.from(last).toString('hex') } : {}),
  };
}

function cursorOf(text: string | null): string | null {
  if (text === null) return null;
  if (!/^([0-9a-f]{2})+$/.test(text)) throw new CloudinaryError(400, 'Invalid value for parameter next_cursor');
  return Buffer.from(text, 'hex').toString('utf8');
}

export function showResource(exchange: Exchange, { resourceType, type }: Scope, publicId: string): object {
  const asset = exchange.assets.find({ resourceType, type: deliveryType(type), publicId });
  if (asset === null) throw new CloudinaryError(404, `Resource not found - ${publicId}`);
  return presentResource(asset, exchange);
}

/** By name, or all that begin alike. */
export async function deleteResources(exchange: Exchange, { resourceType, type }: Scope): Promise<object> {
  const { assets, path, req } = exchange;
  const form = new URLSearchParams([...path.searchParams, ...new URLSearchParams(await readBody(req))]);
  const prefix = form.get('prefix');
  const named = form.getAll('public_ids[]');
  if (prefix === null && named.length === 0) throw new CloudinaryError(400, 'Missing required parameter - public_ids');
  const scope = { resourceType, type: deliveryType(type) };
  const begun = assets
    .list()
    .filter((asset) => asset.resourceType === resourceType && asset.type === scope.type)
    .map(({ publicId }) => publicId)
    .filter((publicId) => prefix !== null && publicId.startsWith(prefix));
  const deleted = [...named, ...begun].map((publicId) => [
    publicId,
    assets.drop({ ...scope, publicId }) ? 'deleted' : 'not_found',
  ]);
  return { deleted: Object.fromEntries(deleted) as Record<string, string>, partial: false };
}
