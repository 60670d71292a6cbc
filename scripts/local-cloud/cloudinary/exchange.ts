import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeptItems } from '../kept-items.ts';
import type { AssetStore } from './asset-store.ts';
import type { CloudFault } from './faults.ts';

export interface CloudinaryAccount {
  cloudName: string;
  apiKey: string;
  apiSecret: string;
}

/** One attempt to tell somebody about an upload. */
export interface StoredCallback {
  url: string;
  publicId: string;
  attempt: number;
  /** The status of the answer, or what went wrong. */
  outcome: string;
}

export interface CallbackSettings {
  /** Where callbacks go instead of the address that was signed: for a receiver whose public name leads nowhere from here. */
  url: string | null;
  /** They get lost. */
  drop: boolean;
}

export interface CloudinaryState {
  account: CloudinaryAccount;
  assets: AssetStore;
  faults: CloudFault[];
  callbacks: KeptItems<StoredCallback>;
  callbackSettings: CallbackSettings;
  /** Drawn on demand, by address. */
  samples: Map<string, Buffer>;
  /** Our own address. */
  url: () => string;
}

export interface Exchange extends CloudinaryState {
  req: IncomingMessage;
  res: ServerResponse;
  path: URL;
}
