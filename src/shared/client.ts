/** Where a request comes from, as far as we can tell. Plain data: services take it. */
export interface Client {
  /** IP address, after the trusted proxies. */
  address: string;
  /** At most 256 characters of the header. */
  userAgent: string;
  /** What `X-Device-Token` or the cookie says; not yet checked. */
  deviceToken: string | null;
}
