/** What is taken through our own door. Larger originals go directly to the cloud. */
export const MAX_UPLOAD_BYTES = 10 * 1024 * 1024;
export const MAX_DIRECT_BYTES = { image: 25 * 1024 * 1024, video: 25 * 1024 * 1024 } as const;
export const MAX_CLIP_SECONDS = 30;
/** 50 megapixels: more than any telephone takes, and 200 MB when it is decoded. */
export const MAX_PIXELS = 50_000_000;
/** Of an AVIF, and of a picture of more than 8 bits: each pixel takes several times as long and as much memory. */
export const MAX_SLOW_PIXELS = 16_000_000;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** Nobody has said what it is for by then: it goes. And what is still pending has failed. */
export const KEPT_UNUSED_MS = 24 * HOUR_MS;
/** A signature of the vendor holds for an hour. */
export const SIGNATURE_TTL_MS = 60 * MINUTE_MS;
