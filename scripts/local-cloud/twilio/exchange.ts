import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeptItems } from '../kept-items.ts';
import type { SmsFault } from './faults.ts';
import type { StoredSms } from './message.ts';

export interface TwilioOptions {
  dataDir: string;
  ports: readonly number[];
  accountSid: string;
  authToken: string;
  /** The one number that this account may send from. */
  from: string;
}

export interface Exchange {
  options: TwilioOptions;
  messages: KeptItems<StoredSms>;
  faults: SmsFault[];
  req: IncomingMessage;
  res: ServerResponse;
  url: URL;
}
