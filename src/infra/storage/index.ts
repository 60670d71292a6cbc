export {
  dropAsset,
  fetchAsset,
  findAsset,
  isStorageOn,
  listAssets,
  publishAsset,
  putAsset,
  type AssetName,
  type RemoteAsset,
} from './assets.ts';
export { isGenuineCallback, signUpload, type SignedUpload } from './direct-upload.ts';
export { StorageFailure } from './cloudinary-call.ts';
