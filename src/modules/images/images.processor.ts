import { defineProcessor } from '../../infra/queue/index.ts';
import { destroyAssets } from './destroy-assets.service.ts';
import { imageQueue } from './images.jobs.ts';
import { makeImage } from './make-variants.service.ts';
import { showPicture } from './show-picture.service.ts';

/**
 * Purpose: what is shown of an upload, in the cloud and in the row that shows it, and the end of both. Idempotency: the claim of the
 * image's row and names that are always the same; showing writes only where the row still names the image. Retry: see the queue; the
 * sweep takes up what is left. Two at a time: a large picture needs 200 MB while it is decoded.
 */
export const imagesProcessor = defineProcessor(imageQueue, {
  concurrency: 2,
  jobs: {
    'make-variants': ({ imageId }) => makeImage(imageId),
    'show-picture': ({ imageId }) => showPicture(imageId),
    'destroy-assets': async ({ imageId }) => {
      await showPicture(imageId);
      await destroyAssets(imageId);
    },
  },
});
