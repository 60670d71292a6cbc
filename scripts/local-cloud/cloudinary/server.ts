import { join } from 'node:path';
import { closeAfterAnswer, sendJson, startHttpServer, type RunningServer } from '../http.ts';
import { openKeptItems } from '../kept-items.ts';
import { deleteResources, listResources, showResource } from './admin.ts';
import { openAssetStore, type ResourceType } from './asset-store.ts';
import { answerControl } from './control.ts';
import { deliver } from './delivery.ts';
import { CloudinaryError } from './errors.ts';
import type { CloudinaryAccount, CloudinaryState, Exchange, StoredCallback } from './exchange.ts';
import { takeCloudFault, withFault } from './faults.ts';
import { assertAdmin, assertSigned } from './signature.ts';
import { deliveryType, destroy, keyOf, rename, upload } from './upload.ts';
import { readForm } from './upload-form.ts';

interface CloudinaryOptions {
  dataDir: string;
  ports: readonly number[];
  account: CloudinaryAccount;
}

/** Keeps and serves pictures and clips; speaks Cloudinary's upload, admin and delivery protocols to its own SDK. */
export async function startCloudinaryServer({ dataDir, ports, account }: CloudinaryOptions): Promise<RunningServer> {
  let url = '';
  const state: CloudinaryState = {
    account,
    assets: openAssetStore(join(dataDir, 'cloudinary', 'assets')),
    faults: [],
    callbacks: openKeptItems<StoredCallback>(join(dataDir, 'cloudinary', 'callbacks')),
    callbackSettings: { url: null, drop: false },
    samples: new Map(),
    url: () => url,
  };
  const server = await startHttpServer(ports, async (req, res) => {
    const exchange = { ...state, req, res, path: new URL(req.url ?? '/', 'http://local') };
    await answer(exchange);
  });
  url = server.url;
  return {
    ...server,
    stop: async () => {
      state.callbacks.stop();
      await server.stop();
    },
  };
}

async function answer(exchange: Exchange): Promise<void> {
  const { path, res } = exchange;
  if (path.pathname.startsWith('/_control/')) return answerControl(exchange);
  if (!path.pathname.startsWith('/v1_1/')) return deliver(exchange);
  closeAfterAnswer(res);
  // A page uploads to the vendor from wherever it is; one that watches its progress asks before.
  res.setHeader('Access-Control-Allow-Origin', '*');
  if (exchange.req.method === 'OPTIONS') {
    res.writeHead(204, { 'Access-Control-Allow-Methods': 'POST', 'Access-Control-Allow-Headers': 'X-Requested-With' });
    res.end();
    return;
  }
  try {
    const result = await route(exchange);
    if (result === null) res.destroy();
    else if (Buffer.isBuffer(result)) res.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(result);
    else sendJson(res, 200, result);
  } catch (error) {
    if (!(error instanceof CloudinaryError)) throw error;
    sendJson(res, error.status, error.toBody());
  }
}

const CALL = /^\/v1_1\/(?<cloud>[\w-]+)\/(?<rest>.+)$/;

function route(exchange: Exchange): Promise<object | Buffer | null> {
  const { cloud, rest = '' } = CALL.exec(decoded(exchange.path.pathname))?.groups ?? {};
  if (cloud !== exchange.account.cloudName) throw new CloudinaryError(401, 'Invalid cloud_name');
  const [first = '', second = '', third = '', ...name] = rest.split('/');
  if (first === 'resources') return admin(exchange, { kind: second, type: third, publicId: name.join('/') });
  if (second === 'download') return download(exchange, kindOf(first));
  return change(exchange, kindOf(first), second);
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw new CloudinaryError(400, 'Invalid path');
  }
}

function kindOf(text: string): ResourceType {
  if (text !== 'image' && text !== 'video') throw new CloudinaryError(400, `Invalid resource type ${text}`);
  return text;
}

async function change(exchange: Exchange, kind: ResourceType, action: string): Promise<object | null> {
  const run = { upload, destroy, rename }[action];
  if (run === undefined || exchange.req.method !== 'POST') throw new CloudinaryError(404, 'Not found');
  const form = await readForm(exchange.req, exchange.res);
  assertSigned(form.params, exchange.account);
  return withFault(takeCloudFault(exchange.faults, action), () => run(kind, form, exchange));
}

/** The original of a private asset, for whoever signed for it. */
async function download({ path, account, assets, faults }: Exchange, kind: ResourceType): Promise<Buffer | null> {
  const params = Object.fromEntries(path.searchParams);
  assertSigned(params, account);
  return withFault(takeCloudFault(faults, 'download'), () => {
    const asset = assets.find(keyOf(kind, params, 'public_id'));
    if (asset === null || asset.format !== params['format']) throw new CloudinaryError(404, 'Resource not found');
    return assets.read(asset);
  });
}

async function admin(exchange: Exchange, asked: { kind: string; type: string; publicId: string }) {
  const { req, account, faults } = exchange;
  assertAdmin(req.headers.authorization, account);
  const scope = { resourceType: kindOf(asked.kind), type: deliveryType(asked.type) };
  const action = `${req.method ?? ''} ${asked.publicId === '' ? 'many' : 'one'}`;
  if (action === 'GET many') {
    return withFault(takeCloudFault(faults, 'resources'), () => listResources(exchange, scope));
  }
  if (action === 'GET one') {
    return withFault(takeCloudFault(faults, 'resource'), () => showResource(exchange, scope, asked.publicId));
  }
  if (action === 'DELETE many') {
    return withFault(takeCloudFault(faults, 'delete_resources'), () => deleteResources(exchange, scope));
  }
  throw new CloudinaryError(404, 'Not found');
}
