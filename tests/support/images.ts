/** Every asset of one picture in the cloud, with its kind of delivery. */
export function imagesOf(id: string): string[] {
  const variants = ['small', 'medium', 'large'].flatMap((size) =>
    ['avif', 'webp', 'jpg'].map((format) => `upload quickbite/${id}/${size}-${format}`),
  );
  return [`private quickbite/${id}/original`, ...variants].toSorted();
}
