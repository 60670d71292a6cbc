export { actorOf, ROLES, setTokenVerifier, verifyToken, type Actor, type Role } from './actor.ts';
export { addressOf, clientOf, DEVICE_COOKIE } from './client.ts';
export { bySegment } from './by-segment.ts';
export { createRouter } from './create-router.ts';
export { finishedPages, withFastLane } from './fast-lane.ts';
export { publicPage } from './public-page.ts';
export { expectedVersion, tagVersion } from './etag.ts';
export { noteRefusal } from './note-refusal.ts';
export { jsonBody } from './middleware/body.ts';
export { errorHandler, notFound } from './middleware/error-handler.ts';
export { originHeaders, securityHeaders } from './middleware/constant-headers.ts';
export { afterOwnWrites } from './middleware/own-writes.ts';
export { limitBody } from './middleware/limit-body.ts';
export { refuseOddTargets } from './middleware/odd-targets.ts';
export { requestContext, requestIdHeader } from './middleware/request-context.ts';
export { requestLog } from './middleware/request-log.ts';
export { authenticate, authorize, publicRoute } from './middleware/authenticate.ts';
export { idempotencyOf, requireIdempotencyKey } from './middleware/idempotency-key.ts';
export { rateLimit, rateLimitBy } from './middleware/rate-limit.ts';
export { receiveText, textOf } from './middleware/text-body.ts';
export { boundUploads, receiveFile, uploadedFile } from './middleware/upload.ts';
export {
  buildOpenApiDocument,
  defineRoute,
  geoPointSchema,
  limitQuery,
  linkQuery,
  moneySchema,
  pageQuery,
  pageSchema,
  pictureSchema,
  timeSchema,
  type RouteContract,
} from './openapi.ts';
export { pointQuery, requiredPointQuery, starsQuery } from './point-query.ts';
export { idSchema, parseRequest, wholeNumber } from './parse-request.ts';
export {
  accepted,
  cachePublicly,
  created,
  found,
  markReplay,
  noContent,
  ok,
  page,
  sendFile,
  sendPage,
  sendGzippedJson,
} from './respond.ts';
