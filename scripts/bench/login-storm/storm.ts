export interface StormRequest {
  emails: string[];
  inFlight: number;
}

/** Milliseconds inside the API's process. */
export interface ProbeResult {
  loopP99: number;
  fsP99: number;
  dnsP99: number;
}

export interface BurstResult {
  accepted: number;
  refused: number;
  /** Neither 200 nor 503. */
  others: number;
  slowestRefusalMs: number;
  slowestAcceptedMs: number;
}

/** What one round tells: the storm, the baseline beside it, and the calm before. */
export interface Round {
  barePerSecond: number;
  httpPerSecond: number;
  calm: { other: number[]; probe: ProbeResult };
  storm: { other: number[]; probe: ProbeResult };
}
