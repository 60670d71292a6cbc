import { z } from 'zod';

/** `down`: 503. `slow`: the answer takes `ms` longer. `html`, `huge`: 200 with a page, or with 10 MB of JSON. `trickle`: a byte now and then for `ms`. */
const TRANSPORT_FAULTS = ['down', 'slow', 'html', 'huge', 'trickle', 'redirect'] as const;
/** What is wrong inside a well-formed answer; the last six of OpenID Connect alone. */
const PROTOCOL_FAULTS = [
  'expired_code',
  'wrong_iss_parameter',
  'wrong_discovery_issuer',
  'wrong_issuer',
  'wrong_audience',
  'wrong_nonce',
  'bad_signature',
  'no_id_token',
] as const;

const faultSchema = z.strictObject({
  kind: z.enum([...TRANSPORT_FAULTS, ...PROTOCOL_FAULTS]),
  /** Part of the path, such as `/token`; any path when absent. */
  path: z.string().optional(),
  times: z.number().int().min(1).max(10_000).default(1),
  ms: z.number().int().min(0).max(600_000).default(0),
});

export const oauthFaultsSchema = z.array(faultSchema);
export type OauthFaultsInput = z.input<typeof oauthFaultsSchema>;

type Fault = z.infer<typeof faultSchema>;
export type TransportFault = Fault & { kind: (typeof TRANSPORT_FAULTS)[number] };

/** In memory only: a restart is a fresh, honest provider. */
export interface OauthFaults {
  take(kind: (typeof PROTOCOL_FAULTS)[number]): boolean;
  takeTransport(path: string): TransportFault | null;
  set(faults: Fault[]): void;
}

export function noOauthFaults(): OauthFaults {
  let faults: Fault[] = [];
  const takeFirst = (fits: (fault: Fault) => boolean): Fault | null => {
    const found = faults.find(fits);
    if (found === undefined) return null;
    found.times -= 1;
    faults = faults.filter(({ times }) => times > 0);
    return found;
  };
  return {
    take: (kind) => takeFirst((fault) => fault.kind === kind) !== null,
    takeTransport: (path) =>
      takeFirst((fault) => isTransport(fault) && path.includes(fault.path ?? '')) as TransportFault | null,
    set: (wanted) => {
      faults = wanted;
    },
  };
}

function isTransport(fault: Fault): boolean {
  return (TRANSPORT_FAULTS as readonly string[]).includes(fault.kind);
}
