import { delay, realNowMs, realNowSeconds } from '../clock.ts';
import type { StoredAsset } from './asset-store.ts';
import type { CloudinaryState } from './exchange.ts';
import { presentUpload, vendorTime } from './present.ts';
import { signCallback } from './signature.ts';

/** The vendor tries again after three, six and nine minutes; nobody waits for that here. */
const PAUSES_MS = [0, 300, 1000, 3000];
const TIMEOUT_MS = 10_000;

/** Tells `notification_url` of an upload, signed anew with every attempt. Never throws. */
export async function notify(asset: StoredAsset, url: string, state: CloudinaryState): Promise<void> {
  if (state.callbackSettings.drop) return;
  for (const [index, pause] of PAUSES_MS.entries()) {
    await delay(pause);
    const target = state.callbackSettings.url ?? url;
    const outcome = await send(asset, target, state);
    state.callbacks.add({ url: target, publicId: asset.publicId, attempt: index + 1, outcome });
    if (outcome.startsWith('2')) return;
  }
}

async function send(asset: StoredAsset, url: string, state: CloudinaryState): Promise<string> {
  const timestamp = realNowSeconds();
  const body = JSON.stringify({
    notification_type: 'upload',
    timestamp: vendorTime(realNowMs()),
    ...presentUpload(asset, state),
    notification_context: { triggered_at: vendorTime(realNowMs()), triggered_by: { source: 'api' } },
  });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Cld-Timestamp': String(timestamp),
        'X-Cld-Signature': signCallback(body, timestamp, state.account.apiSecret),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return String(response.status);
  } catch (error) {
    return error instanceof Error ? error.name : 'failed';
  }
}
