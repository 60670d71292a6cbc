/**
 * What a row keeps of a picture that is ready: enough to show it without asking anybody. `{size}` and `{format}` of the template
 * are filled in by whoever shows it; every combination exists.
 */
export interface Picture {
  imageId: string;
  /** Such as `https://res.cloudinary.com/qb/image/upload/quickbite/ab12/{size}-{format}.{format}`. */
  urlTemplate: string;
  /** Of the largest size, in pixels. */
  width: number;
  height: number;
  blurhash: string;
}

/** By width: for a list, for a page, for the whole screen. */
export const PICTURE_SIZES = ['small', 'medium', 'large'] as const;
export const PICTURE_FORMATS = ['avif', 'webp', 'jpg'] as const;

export type PictureSize = (typeof PICTURE_SIZES)[number];
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** One address of it, null without a picture; a medium JPEG is understood everywhere. */
export function pictureUrl(
  picture: Picture | null,
  { size = 'medium', format = 'jpg' }: { size?: PictureSize; format?: PictureFormat } = {},
): string | null {
  if (picture === null) return null;
  return picture.urlTemplate.replaceAll('{size}', size).replaceAll('{format}', format);
}
