import { z } from 'zod';
import { answerControlRequest, readBody, sendJson } from '../http.ts';
import type { Exchange } from './exchange.ts';
import { cloudFaultsSchema } from './faults.ts';

const callbackSchema = z.strictObject({ url: z.url().nullable().optional(), drop: z.boolean().optional() });
const ageSchema = z.strictObject({ seconds: z.number().int().min(0), prefix: z.string() });

/** What no vendor offers: everything that is stored, faults on request, and time that has gone by. */
export async function answerControl(exchange: Exchange): Promise<void> {
  await answerControlRequest(exchange.res, () => route(exchange));
}

async function route(exchange: Exchange): Promise<void> {
  const { assets, callbacks, callbackSettings, faults, req, res, path } = exchange;
  switch (`${req.method ?? ''} ${path.pathname}`) {
    case 'GET /_control/assets':
      sendJson(res, 200, { data: assets.list() });
      return;
    case 'DELETE /_control/assets':
      assets.clear();
      sendJson(res, 200, {});
      return;
    case 'POST /_control/assets/age':
      await ageAssets(exchange);
      return;
    case 'GET /_control/callbacks':
      sendJson(res, 200, { data: callbacks.list() });
      return;
    case 'POST /_control/callbacks':
      Object.assign(callbackSettings, callbackSchema.parse(JSON.parse(await readBody(req))));
      sendJson(res, 200, callbackSettings);
      return;
    case 'POST /_control/faults':
      faults.splice(0, Infinity, ...cloudFaultsSchema.parse(JSON.parse(await readBody(req))).faults);
      sendJson(res, 200, { faults });
      return;
    case 'DELETE /_control/faults':
      faults.splice(0);
      sendJson(res, 200, { faults });
      return;
    default:
      sendJson(res, 404, { error: { message: 'no such control' } });
  }
}

/** The assets whose names begin so were stored that much earlier. */
async function ageAssets({ assets, req, res }: Exchange): Promise<void> {
  const { seconds, prefix } = ageSchema.parse(JSON.parse(await readBody(req)));
  const aged = assets.list().filter(({ publicId }) => publicId.startsWith(prefix));
  for (const asset of aged) {
    const earlier = new Date(Date.parse(asset.createdAt) - seconds * 1000).toISOString();
    assets.put({ ...asset, createdAt: earlier }, assets.read(asset));
  }
  sendJson(res, 200, { aged: aged.length });
}
