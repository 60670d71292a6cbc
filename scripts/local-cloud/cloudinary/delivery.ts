import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';
import { drawSample } from './samples.ts';

const ASSET = /^\/(?<cloud>[\w-]+)\/(?<kind>image|video)\/(?<type>\w+)\/(?:v\d+\/)?(?<publicId>.+)\.(?<format>\w+)$/;
const TYPES: Record<string, string> = {
  ...{ jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp', avif: 'image/avif' },
  ...{ mp4: 'video/mp4', mov: 'video/quicktime' },
};

/** What browsers fetch, with the headers of the vendor's delivery network. Private assets are not there for anybody. */
export async function deliver(exchange: Exchange): Promise<void> {
  const { req, res } = exchange;
  const found = req.method === 'GET' || req.method === 'HEAD' ? await find(exchange) : null;
  const type = TYPES[found?.format ?? ''];
  if (found === null || type === undefined) {
    const headers = { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
    res.writeHead(404, { ...headers, 'X-Cld-Error': 'Resource not found' }).end();
    return;
  }
  const etag = `"${createHash('md5').update(found.content).digest('hex')}"`;
  writeHeaders(res, etag);
  if ((req.headers['if-none-match'] ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) {
    res.writeHead(304).end();
    return;
  }
  res.writeHead(200, { 'Content-Type': type, 'Content-Length': found.content.length });
  res.end(req.method === 'HEAD' ? undefined : found.content);
}

function writeHeaders(res: ServerResponse, etag: string): void {
  res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  res.setHeader('ETag', etag);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  res.setHeader('Timing-Allow-Origin', '*');
}

interface Found {
  content: Buffer;
  format: string;
}

async function find({ path, account, assets, samples }: Exchange): Promise<Found | null> {
  const [, cloud, kind, type, publicId = '', format = ''] = ASSET.exec(path.pathname) ?? [];
  if (cloud !== account.cloudName || type !== 'upload') return null;
  if (publicId.startsWith('sample/')) return findSample(publicId, format, samples);
  const asset = assets.find({ resourceType: kind === 'video' ? 'video' : 'image', type, publicId });
  // The vendor would convert; what QuickBite shows is stored as it is shown.
  return asset?.format === format ? { content: assets.read(asset), format } : null;
}

async function findSample(publicId: string, format: string, samples: Map<string, Buffer>): Promise<Found | null> {
  const content = publicId.endsWith(`-${format}`) ? await drawSample(publicId, samples) : null;
  return content === null ? null : { content, format };
}
