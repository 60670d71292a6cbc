export { isFollowing, isUnchangedSince, positionNow } from './changes.ts';
export { followChanges, type PublicChange, type PublicCollection } from './follow-changes.ts';
export { variantOf, type Encoding, type Variant } from './page.ts';
export { heldPage, noteHit, pageId, readPage, type LoadedPage, type PageRequest } from './pages.ts';
