export {
  attachImage,
  handOnImage,
  joinImages,
  releaseImage,
  replaceImage,
  type AttachedImage,
} from './attach-image.service.ts';
export { IMAGE_FAILED, IMAGE_READY, IMAGE_REMOVED, IMAGE_UPLOADED } from './image.events.ts';
export { toAttachedView } from './images.presenter.ts';
export { attachBodySchema, attachedImageSchema } from './images.schema.ts';
export { imageQueue } from './images.jobs.ts';
export { exportImages, forgetImages } from './personal-data.service.ts';
export { registerPictureHolder, type ShownImage } from './show-picture.service.ts';
export { sweepImages } from './sweep-images.service.ts';
export { sweepRemoteAssets } from './sweep-remote.service.ts';
