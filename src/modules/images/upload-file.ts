import { fileTypeFromBuffer } from 'file-type';
import { AppError } from '../../errors/index.ts';
import type { UploadedFile } from '../../shared/uploaded-file.ts';
import { measurePicture } from './measure-picture.ts';
import { UnusableOriginal } from './unusable-original.ts';

export interface ReadPicture {
  format: keyof typeof FORMATS;
  width: number;
  height: number;
}

/** What is taken, each with the names that go with it. libvips of the prebuilt sharp does not decode HEIC; SVG is a program. */
export const FORMATS = {
  jpg: { types: ['image/jpeg', 'image/jpg'], extensions: ['jpg', 'jpeg', 'jpe', 'jfif'] },
  png: { types: ['image/png'], extensions: ['png'] },
  webp: { types: ['image/webp'], extensions: ['webp'] },
  avif: { types: ['image/avif'], extensions: ['avif'] },
} as const;

const MAX_NAME = 255;
/** Control characters, path separators, and those that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex
const ODD_CHARACTERS = /[\u0000-\u001f\u007f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
/** Endings by which somebody's server or system would run it, also before another one. */
const RUNNABLE =
  /\.(html?|xhtml|shtml|svgz?|xml|php\d?|phtml|phar|m?js|exe|bat|cmd|com|sh|jar|aspx?|jspx?|cgi|pl|py|swf|hta|htaccess)(\.|\s|$)/i;
const ANY_TYPE = 'application/octet-stream';

/**
 * What the bytes are, without decoding a pixel. The name and the declared type decide nothing, but they must not tell another story.
 * @throws AppError `image_type_unsupported`; `image_unusable` (file_name, too_many_pixels, corrupt)
 */
export async function readPicture(file: UploadedFile): Promise<ReadPicture> {
  if (file.name.length > MAX_NAME || ODD_CHARACTERS.test(file.name)) throw unusable('file_name');
  const found = await fileTypeFromBuffer(file.bytes).catch(() => undefined);
  const format = formatOf(found?.mime ?? '');
  if (format === null || !agrees(file, format)) throw new AppError('image_type_unsupported');
  return { format, ...(await measure(file.bytes)) };
}

function formatOf(mime: string): ReadPicture['format'] | null {
  const [format] = Object.entries(FORMATS).find(([, { types }]) => (types as readonly string[]).includes(mime)) ?? [];
  return (format as ReadPicture['format'] | undefined) ?? null;
}

/** Without an ending the type must say it, and the other way round. */
function agrees({ name, declaredType }: UploadedFile, format: ReadPicture['format']): boolean {
  if (RUNNABLE.test(name)) return false;
  const { types, extensions } = FORMATS[format];
  const ending = /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? null;
  const isTypeRight = (types as readonly string[]).includes(declaredType);
  if (ending === null) return isTypeRight;
  return (extensions as readonly string[]).includes(ending) && (isTypeRight || declaredType === ANY_TYPE);
}

/** Of the two reasons: too_many_pixels, corrupt. */
async function measure(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  try {
    const { width, height } = await measurePicture(bytes);
    return { width, height };
  } catch (error) {
    if (error instanceof UnusableOriginal) throw unusable(error.reason);
    throw error;
  }
}

function unusable(reason: string): AppError {
  return new AppError('image_unusable', { details: { reason } });
}
